import type { WorkflowDefinition } from "@gantry/workflow";

/** Two agents at the same time, and a third one that waits for both. */
export const prosAndCons: WorkflowDefinition = {
  schemaVersion: 1,
  variables: [],
  blocks: [
    {
      id: "start",
      name: "Start",
      type: "start",
      position: { x: 0, y: 120 },
      inputs: [
        {
          name: "proposal",
          type: "string",
          required: true,
          description: "What is to be decided.",
          default: "Move our support team to a four-day week.",
        },
      ],
    },
    {
      id: "pros",
      name: "Pros",
      type: "agent",
      position: { x: 320, y: 0 },
      provider: "anthropic",
      model: "claude-haiku-4-5",
      system: "You only name what speaks for a proposal.",
      prompt: "<Start.proposal>",
      maxTokens: 400,
    },
    {
      id: "cons",
      name: "Cons",
      type: "agent",
      position: { x: 320, y: 240 },
      provider: "anthropic",
      model: "claude-haiku-4-5",
      system: "You only name what speaks against a proposal.",
      prompt: "<Start.proposal>",
      maxTokens: 400,
    },
    {
      id: "verdict",
      name: "Verdict",
      type: "agent",
      position: { x: 640, y: 120 },
      provider: "anthropic",
      model: "claude-sonnet-5",
      system: "You weigh both sides and decide.",
      prompt: "Proposal: <Start.proposal>\n\nFor it:\n<Pros.text>\n\nAgainst it:\n<Cons.text>",
      maxTokens: 400,
    },
    {
      id: "response",
      name: "Response",
      type: "response",
      position: { x: 960, y: 120 },
      output: { verdict: "<Verdict.text>", pros: "<Pros.text>", cons: "<Cons.text>" },
    },
  ],
  edges: [
    { id: "e1", source: "start", sourceHandle: "out", target: "pros" },
    { id: "e2", source: "start", sourceHandle: "out", target: "cons" },
    { id: "e3", source: "pros", sourceHandle: "out", target: "verdict" },
    { id: "e4", source: "cons", sourceHandle: "out", target: "verdict" },
    { id: "e5", source: "verdict", sourceHandle: "out", target: "response" },
  ],
};
