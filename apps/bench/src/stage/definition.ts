import type { WorkflowDefinition } from "@gantry/workflow";

/** One that has a price. */
const modelName = "claude-haiku-4-5";

const prompt = `Read what the last step has found, keep what matters to the reader, and say in two or three plain
sentences what follows from it. Name the source of every number. Where something is missing, say so.`;

/** A chain of so many blocks of about 450 characters each: a start, agents with a prompt, a response. */
export function chainOf(blocks: number): WorkflowDefinition {
  const names = ["Start", ...Array.from({ length: blocks - 2 }, (_, i) => `Step ${i + 1}`), "Response"];
  const position = { x: 0, y: 0 };
  return {
    schemaVersion: 1,
    blocks: names.map((name, i) => {
      const id = `block-${i}`;
      if (i === 0) {
        const inputs = [{ name: "topic", type: "string", required: false, default: "tides" } as const];
        return { id, name, position, type: "start", inputs };
      }
      const before = i === 1 ? "<Start.topic>" : `<${names[i - 1]}.text>`;
      if (i === blocks - 1) return { id, name, position, type: "response", output: { text: before } };
      return {
        id,
        name,
        position,
        type: "agent",
        provider: "anthropic",
        model: modelName,
        system: `You are step ${i} of a report. Use {{ENDPOINT_${i % 5}}} for sources.`,
        prompt: `${prompt}\n\n${before}`,
        maxTokens: 500,
      };
    }),
    edges: names.slice(1).map((_, i) => ({
      id: `edge-${i}`,
      source: `block-${i}`,
      sourceHandle: "out",
      target: `block-${i + 1}`,
    })),
    variables: [],
  };
}

/** Two blocks that call nothing: what is left is the service itself. */
export const echo: WorkflowDefinition = chainOf(2);

/** A start, one model call with this prompt, a response. */
export function oneCall(prompt: string, maxTokens: number): WorkflowDefinition {
  const position = { x: 0, y: 0 };
  return {
    schemaVersion: 1,
    blocks: [
      { id: "start", name: "Start", position, type: "start", inputs: [] },
      {
        id: "agent",
        name: "Agent",
        position,
        type: "agent",
        provider: "anthropic",
        model: modelName,
        prompt,
        maxTokens,
      },
      { id: "response", name: "Response", position, type: "response", output: { text: "<Agent.text>" } },
    ],
    edges: [
      { id: "e1", source: "start", sourceHandle: "out", target: "agent" },
      { id: "e2", source: "agent", sourceHandle: "out", target: "response" },
    ],
    variables: [],
  };
}

/** A start and a function that takes its time and calls nothing outside. */
export function busyFor(ms: number): WorkflowDefinition {
  const position = { x: 0, y: 0 };
  const code = `const end = Date.now() + ${ms}; while (Date.now() < end); return null;`;
  return {
    schemaVersion: 1,
    blocks: [
      { id: "start", name: "Start", position, type: "start", inputs: [] },
      { id: "function", name: "Function", position, type: "function", inputs: {}, code },
    ],
    edges: [{ id: "e1", source: "start", sourceHandle: "out", target: "function" }],
    variables: [],
  };
}
