import { type Block, type BlockOf, compile, type JsonValue, type Plan } from "@gantry/workflow";

/** Blocks and plans for tests. A block's id is its name. */
const position = { x: 0, y: 0 };

export function start(): Block {
  return { id: "Start", name: "Start", position, type: "start", inputs: [] };
}

export function agent(name: string, fields: Partial<BlockOf<"agent">> = {}): Block {
  return {
    id: name,
    name,
    position,
    type: "agent",
    provider: "anthropic",
    model: "claude-haiku-4-5",
    maxTokens: 100,
    prompt: "Say something",
    ...fields,
  };
}

export function fn(name: string): Block {
  return { id: name, name, position, type: "function", inputs: {}, code: "return 1;" };
}

/** Its handles: `branch:0`, `branch:1` and so on, `else` and `error`. */
export function condition(name: string, branches: number): Block {
  return {
    id: name,
    name,
    position,
    type: "condition",
    inputs: {},
    branches: Array.from({ length: branches }, (_, index) => ({ id: `${index}`, when: "true" })),
  };
}

/** `edges`: `"A -> B"`, or `"A error -> B"` for another handle than `out`. */
export function planOf(
  blocks: readonly Block[],
  edges: readonly string[],
  variables: Readonly<Record<string, JsonValue>> = {},
): Plan {
  const result = compile({
    schemaVersion: 1,
    blocks: [...blocks],
    edges: edges.map((text, index) => {
      const [from = "", target = ""] = text.split(" -> ");
      const [source = "", sourceHandle = "out"] = from.split(" ");
      return { id: `e${index}`, source, sourceHandle, target };
    }),
    variables: Object.entries(variables).map(([name, value]) => ({ name, value })),
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.plan;
}
