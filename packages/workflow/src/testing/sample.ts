import { compile } from "../compile.ts";
import type { AgentTool, Block, BlockOf, Edge, JsonValue, WorkflowDefinition } from "../definition.ts";
import type { Plan, Problem } from "../plan.ts";
import { validate } from "../validate.ts";

type ToolOf<T extends AgentTool["type"]> = Extract<AgentTool, { type: T }>;

const position = { x: 0, y: 0 };

export function start(...inputs: BlockOf<"start">["inputs"]): BlockOf<"start"> {
  return { id: "start", name: "Start", type: "start", position, inputs };
}

export function agent(
  id: string,
  name: string,
  prompt: string,
  fields: Partial<BlockOf<"agent">> = {},
): BlockOf<"agent"> {
  return {
    id,
    name,
    type: "agent",
    position,
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    prompt,
    maxTokens: 100,
    ...fields,
  };
}

const offered = { description: "Does something.", parameters: { type: "object" } };

export function functionTool(name: string, fields: Partial<ToolOf<"function">> = {}): ToolOf<"function"> {
  return { type: "function", name, ...offered, code: "return inputs;", ...fields };
}

export function httpTool(name: string, fields: Partial<ToolOf<"http">> = {}): ToolOf<"http"> {
  return {
    type: "http",
    name,
    ...offered,
    method: "GET",
    url: "https://example.com",
    headers: {},
    ...fields,
  };
}

export function workflowTool(name: string, fields: Partial<ToolOf<"workflow">> = {}): ToolOf<"workflow"> {
  return {
    type: "workflow",
    name,
    ...offered,
    workflowId: "0b0c9a2e-6d0f-4c0e-9f0a-3d1f5a7b9c11",
    ...fields,
  };
}

/** `server`: its address, or the name that the operator gave it. */
export function mcpTool(server: ToolOf<"mcp">["server"], ...only: string[]): ToolOf<"mcp"> {
  return { type: "mcp", server, ...(only.length === 0 ? {} : { only }) };
}

export function code(id: string, name: string, inputs: Record<string, string> = {}): BlockOf<"function"> {
  return { id, name, type: "function", position, inputs, code: "return 1;" };
}

export function http(id: string, name: string, fields: Partial<BlockOf<"http">> = {}): BlockOf<"http"> {
  return {
    id,
    name,
    type: "http",
    position,
    method: "GET",
    url: "https://example.com",
    headers: {},
    ...fields,
  };
}

export function condition(id: string, name: string, ...branchIds: string[]): BlockOf<"condition"> {
  const branches = branchIds.map((branchId) => ({ id: branchId, when: "inputs.x > 1" }));
  return { id, name, type: "condition", position, inputs: {}, branches };
}

export function response(output: JsonValue): BlockOf<"response"> {
  return { id: "response", name: "Response", type: "response", position, output };
}

/** `a>b` or `a:handle>b`; the handle is `out` when none is given. */
export function edges(...arrows: string[]): Edge[] {
  return arrows.map((arrow, index) => {
    const [from = "", target = ""] = arrow.split(">");
    const colon = from.indexOf(":");
    const source = colon === -1 ? from : from.slice(0, colon);
    const sourceHandle = colon === -1 ? "out" : from.slice(colon + 1);
    return { id: `e${index}`, source, sourceHandle, target };
  });
}

export function workflow(
  blocks: Block[],
  arrows: string[],
  variables: Record<string, JsonValue> = {},
): WorkflowDefinition {
  return {
    schemaVersion: 1,
    blocks,
    edges: edges(...arrows),
    variables: Object.entries(variables).map(([name, value]) => ({ name, value })),
  };
}

export function planOf(definition: unknown): Plan {
  const compiled = compile(definition);
  if (!compiled.ok) {
    throw new Error(compiled.problems.map((problem) => problem.message).join("\n"));
  }
  return compiled.plan;
}

/** The problems as `CODE blockId`, or `CODE` for those of no block. */
export function codesOf(definition: unknown): string[] {
  return validate(definition).map((problem: Problem) =>
    problem.blockId === undefined ? problem.code : `${problem.code} ${problem.blockId}`,
  );
}
