import type { WorkflowDefinition } from "@gantry/workflow";

/**
 * One agent with two tools: a function of its own and another workflow of the workspace, the quote calculator. What
 * stands in double square brackets tells the local model which tools to call; a real one reads it as a hint.
 */
export function orderDesk(quoteCalculatorId: string): WorkflowDefinition {
  return {
    schemaVersion: 1,
    variables: [],
    blocks: [
      {
        id: "start",
        name: "Start",
        type: "start",
        position: { x: 0, y: 0 },
        inputs: [
          {
            name: "question",
            type: "string",
            required: true,
            description: "What the customer wants to know.",
            default: "Where is my order A-1042, and what would the same again cost?",
          },
        ],
      },
      {
        id: "desk",
        name: "Order desk",
        type: "agent",
        position: { x: 320, y: 0 },
        provider: "anthropic",
        model: "claude-haiku-4-5",
        system: "You answer customers about their orders. Look things up; never guess a date or a price.",
        prompt:
          "A customer asks:\n\n<Start.question>\n\nTools to begin with: [[tool find_order quote_price]]",
        maxTokens: 600,
        fallbacks: [{ provider: "anthropic", model: "claude-sonnet-5" }],
        tools: [
          {
            type: "function",
            name: "find_order",
            description: "An order by its number: what was bought, for how much, and where it is.",
            parameters: {
              type: "object",
              properties: {
                order: { type: "string", description: "Such as A-1042.", default: "A-1042" },
              },
              required: ["order"],
              additionalProperties: false,
            },
            code: [
              "const orders = {",
              '  "A-1042": { item: "Rail clamp", quantity: 120, unitPrice: 4.5, country: "NL", status: "shipped", arrives: "Thursday" },',
              '  "A-1043": { item: "Cable tray", quantity: 12, unitPrice: 38, country: "DE", status: "being packed", arrives: "next week" },',
              "};",
              'return orders[inputs.order] ?? { error: "There is no order " + inputs.order + "." };',
            ].join("\n"),
            timeoutMs: 1_000,
          },
          {
            type: "workflow",
            name: "quote_price",
            description: "What an order would cost today, in euros, with discount and VAT.",
            parameters: {
              type: "object",
              properties: {
                quantity: { type: "number", default: 120 },
                unitPrice: { type: "number", description: "In euros.", default: 4.5 },
                country: { type: "string", description: "NL, DE or FR.", default: "NL" },
              },
              required: ["quantity", "unitPrice"],
              additionalProperties: false,
            },
            workflowId: quoteCalculatorId,
          },
        ],
      },
      {
        id: "response",
        name: "Response",
        type: "response",
        position: { x: 640, y: 0 },
        output: { answer: "<Order desk.text>", rounds: "<Order desk.rounds>" },
      },
    ],
    edges: [
      { id: "e1", source: "start", sourceHandle: "out", target: "desk" },
      { id: "e2", source: "desk", sourceHandle: "out", target: "response" },
    ],
  };
}
