import type { WorkflowDefinition } from "@gantry/workflow";

/** An agent with structured output, a condition, and one agent for each way out. Needs `{{SUPPORT_SIGNATURE}}`. */
export const supportTriage: WorkflowDefinition = {
  schemaVersion: 1,
  variables: [{ name: "product", value: "Gantry" }],
  blocks: [
    {
      id: "start",
      name: "Start",
      type: "start",
      position: { x: 0, y: 120 },
      inputs: [
        {
          name: "message",
          type: "string",
          required: true,
          description: "What the customer wrote.",
          default: "I was charged twice for March. Please refund one of the two payments.",
        },
        {
          name: "customer",
          type: "string",
          required: false,
          description: "How to address the customer.",
          default: "Ada",
        },
      ],
    },
    {
      id: "classify",
      name: "Classify",
      type: "agent",
      position: { x: 300, y: 120 },
      provider: "anthropic",
      model: "claude-haiku-4-5",
      system: "You sort messages to the support of <variable.product>.",
      prompt: "Classify this message:\n\n<Start.message>",
      maxTokens: 300,
      responseSchema: {
        type: "object",
        properties: {
          category: { type: "string", enum: ["billing", "technical", "account", "other"] },
          priority: { type: "string", enum: ["normal", "high"] },
          summary: { type: "string", description: "One sentence." },
        },
        required: ["category", "priority", "summary"],
        additionalProperties: false,
      },
    },
    {
      id: "route",
      name: "Route",
      type: "condition",
      position: { x: 600, y: 120 },
      inputs: { message: "<Start.message>", priority: "<Classify.json.priority>" },
      branches: [
        {
          id: "urgent",
          when: 'inputs.priority === "high" || /refund|charged|outage|down/i.test(inputs.message)',
        },
      ],
    },
    {
      id: "urgent-reply",
      name: "Urgent reply",
      type: "agent",
      position: { x: 900, y: 0 },
      provider: "anthropic",
      model: "claude-sonnet-5",
      system: "You answer urgent messages: say what happens next and when. Sign as {{SUPPORT_SIGNATURE}}.",
      prompt: "Answer <Start.customer>, who wrote about <Classify.json.category>:\n\n<Start.message>",
      maxTokens: 600,
    },
    {
      id: "standard-reply",
      name: "Standard reply",
      type: "agent",
      position: { x: 900, y: 240 },
      provider: "anthropic",
      model: "claude-haiku-4-5",
      system: "You answer messages in a friendly, short way. Sign as {{SUPPORT_SIGNATURE}}.",
      prompt: "Answer <Start.customer>, who wrote about <Classify.json.category>:\n\n<Start.message>",
      maxTokens: 400,
    },
    {
      id: "urgent-response",
      name: "Urgent response",
      type: "response",
      position: { x: 1200, y: 0 },
      output: { queue: "urgent", category: "<Classify.json.category>", reply: "<Urgent reply.text>" },
    },
    {
      id: "standard-response",
      name: "Standard response",
      type: "response",
      position: { x: 1200, y: 240 },
      output: { queue: "standard", category: "<Classify.json.category>", reply: "<Standard reply.text>" },
    },
  ],
  edges: [
    { id: "e1", source: "start", sourceHandle: "out", target: "classify" },
    { id: "e2", source: "classify", sourceHandle: "out", target: "route" },
    { id: "e3", source: "route", sourceHandle: "branch:urgent", target: "urgent-reply" },
    { id: "e4", source: "route", sourceHandle: "else", target: "standard-reply" },
    { id: "e5", source: "urgent-reply", sourceHandle: "out", target: "urgent-response" },
    { id: "e6", source: "standard-reply", sourceHandle: "out", target: "standard-response" },
  ],
};
