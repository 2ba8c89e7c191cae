import {
  type AgentTool,
  type Block,
  compile,
  type JsonValue,
  type Plan,
  type StartInput,
} from "@gantry/workflow";

/** Blocks and plans for tests of the engine. A block's id is its name. */
const position = { x: 0, y: 0 };
type Fields<T extends Block["type"]> = Partial<
  Omit<Extract<Block, { type: T }>, "type" | "id" | "name" | "position">
>;

export function start(inputs: readonly (StartInput["name"] | StartInput)[] = []): Block {
  const declared = inputs.map((input) =>
    typeof input === "string" ? { name: input, type: "json" as const, required: false } : input,
  );
  return { id: "Start", name: "Start", position, type: "start", inputs: declared };
}

export function fn(
  name: string,
  code = "echo",
  inputs: Record<string, string> = {},
  fields: Fields<"function"> = {},
): Block {
  return { id: name, name, position, type: "function", code, inputs, ...fields };
}

export function agent(name: string, prompt = "Say something", fields: Fields<"agent"> = {}): Block {
  return {
    id: name,
    name,
    position,
    type: "agent",
    provider: "anthropic",
    model: "model-1",
    maxTokens: 100,
    prompt,
    ...fields,
  };
}

const anyObject = { type: "object" };

/** `code` as `TestResources` knows it. */
export function fnTool(
  name: string,
  code = name,
  parameters: Record<string, JsonValue> = anyObject,
): AgentTool {
  return { type: "function", name, description: `What ${name} does`, parameters, code };
}

export function httpTool(
  name: string,
  url: string,
  fields: Partial<Omit<Extract<AgentTool, { type: "http" }>, "type">> = {},
): AgentTool {
  const offered = { name, description: `What ${name} does`, parameters: anyObject };
  return { type: "http", ...offered, method: "GET", url, headers: {}, ...fields };
}

/** The workflow's id is `childId` of its name. */
export function workflowTool(name: string, workflowId = childId(name)): AgentTool {
  return { type: "workflow", name, description: `What ${name} does`, parameters: anyObject, workflowId };
}

export function childId(name: string): string {
  const hex = Buffer.from(name).toString("hex").padEnd(12, "0").slice(0, 12);
  return `01920000-0000-7000-8000-${hex}`;
}

export function http(name: string, url: string, fields: Fields<"http"> = {}): Block {
  return { id: name, name, position, type: "http", method: "GET", url, headers: {}, ...fields };
}

/** `branches`: id and expression. */
export function condition(
  name: string,
  branches: readonly (readonly [string, string])[],
  inputs: Record<string, string> = {},
): Block {
  return {
    id: name,
    name,
    position,
    type: "condition",
    inputs,
    branches: branches.map(([id, when]) => ({ id, when })),
  };
}

export function response(name: string, output: JsonValue): Block {
  return { id: name, name, position, type: "response", output };
}

/** `edges`: `"A -> B"`, or `"A error -> B"` for another handle than `out`. */
export function definitionOf(
  blocks: readonly Block[],
  edges: readonly string[],
  variables: Readonly<Record<string, JsonValue>> = {},
) {
  return {
    schemaVersion: 1,
    blocks: [...blocks],
    edges: edges.map((text, index) => {
      const [from = "", target = ""] = text.split(" -> ");
      const [source = "", sourceHandle = "out"] = from.split(" ");
      return { id: `e${index}`, source, sourceHandle, target };
    }),
    variables: Object.entries(variables).map(([name, value]) => ({ name, value })),
  } as const;
}

export function planOf(...definition: Parameters<typeof definitionOf>): Plan {
  const result = compile(definitionOf(...definition));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.plan;
}
