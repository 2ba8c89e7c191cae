import type { WorkflowDefinition } from "@gantry/workflow";

/** The first version answers in prose. */
export const summarizeText = summarizer("You summarize texts for busy readers. Plain words, no opinion.");

/** The second one, which is active, answers in bullet points: two versions to roll back and forth between. */
export const summarizeTextInPoints = summarizer(
  "You summarize texts for busy readers as bullet points, the most important one first. Plain words, no opinion.",
);

function summarizer(system: string): WorkflowDefinition {
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
            name: "text",
            type: "string",
            required: true,
            description: "What to summarize.",
            default:
              "A gantry is a frame that carries a crane above the work. It moves along rails, so that one crane serves a whole yard.",
          },
          {
            name: "sentences",
            type: "number",
            required: false,
            description: "How long the summary may be.",
            default: 2,
          },
        ],
      },
      {
        id: "summarize",
        name: "Summarize",
        type: "agent",
        position: { x: 320, y: 0 },
        provider: "anthropic",
        model: "claude-haiku-4-5",
        system,
        prompt: "Summarize this in at most <Start.sentences> sentences:\n\n<Start.text>",
        temperature: 0.2,
        maxTokens: 500,
      },
      {
        id: "response",
        name: "Response",
        type: "response",
        position: { x: 640, y: 0 },
        output: { summary: "<Summarize.text>", tokens: "<Summarize.usage.outputTokens>" },
      },
    ],
    edges: [
      { id: "e1", source: "start", sourceHandle: "out", target: "summarize" },
      { id: "e2", source: "summarize", sourceHandle: "out", target: "response" },
    ],
  };
}
