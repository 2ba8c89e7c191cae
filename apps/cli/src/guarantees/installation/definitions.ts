import type { Block, WorkflowDefinition } from "@gantry/workflow";

/** One that has a price, and whose dearest token of a prompt is one that it writes to its cache. */
const model = "claude-sonnet-4-5";

/** A start and a response that answers with this. Calls nothing. */
export function answering(output: { readonly [key: string]: string | number }): WorkflowDefinition {
  return inOneRow([{ ...at(1, "response", "Response"), type: "response", output: { ...output } }]);
}

/** Model calls with these prompts, each after the one before. */
export function callingInTurn(...prompts: readonly string[]): WorkflowDefinition {
  return inOneRow(prompts.map((prompt, i) => call(i + 1, prompt)));
}

function at<Id extends string>(column: number, id: Id, name: string) {
  return { id, name, position: { x: column * 240, y: 0 } };
}

const start = { ...at(0, "start", "Start"), type: "start", inputs: [] } satisfies Block;

function call(column: number, prompt: string): Block {
  return {
    ...at(column, `call-${column}`, `Call ${column}`),
    type: "agent",
    provider: "anthropic",
    model,
    prompt,
    maxTokens: 100,
  };
}

function inOneRow(blocks: readonly Block[]): WorkflowDefinition {
  return {
    schemaVersion: 1,
    blocks: [start, ...blocks],
    edges: blocks.map(({ id }, i) => ({
      id: `edge-${i}`,
      source: blocks[i - 1]?.id ?? start.id,
      sourceHandle: "out",
      target: id,
    })),
    variables: [],
  };
}
