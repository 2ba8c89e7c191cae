import type { McpSession } from "@gantry/mcp";
import type { AgentTool } from "@gantry/workflow";
import type { AgentToolInput, BlockContext } from "../../../block-executor.ts";
import type { BlockError } from "../../../events.ts";
import { unsafeRequest } from "../../unsafe-request.ts";
import { functionTool } from "./function-tool.ts";
import { type Address, httpTool } from "./http-tool.ts";
import { openMcpServer } from "./mcp-tools.ts";
import { argumentsReader } from "./read-arguments.ts";
import type { Tool } from "./tool.ts";
import { workflowTool } from "./workflow-tool.ts";

/** What one entry of the block's list comes to. `session`: what is open for it, and is to be closed. */
export type OpenedTools =
  | { readonly ok: true; readonly tools: readonly Tool[]; readonly session: McpSession | null }
  | { readonly ok: false; readonly error: BlockError };

export async function openTool(
  tool: AgentTool,
  input: AgentToolInput | undefined,
  context: BlockContext,
): Promise<OpenedTools> {
  const address = addressOf(input);
  const unsafe = address === null ? null : unsafeRequest(address);
  if (unsafe !== null) return invalidTool(unsafe);
  if (tool.type === "mcp") {
    const { server, only } = tool;
    const named = server.kind === "operator" ? server : { kind: server.kind, ...needed(address) };
    return await openMcpServer(named, only ?? null, context);
  }
  const { name, description, parameters } = tool;
  const reader = argumentsReader(parameters);
  if (!reader.ok)
    return invalidTool(`The parameters of the tool "${name}" cannot be used: ${reader.problem}.`);
  const definition = { name, description, parameters };
  const run = runnerOf(tool, address, context);
  return { ok: true, tools: [{ definition, read: reader.read, run }], session: null };
}

export function invalidTool(message: string): Extract<OpenedTools, { ok: false }> {
  return { ok: false, error: { code: "INVALID_INPUT", message, retryable: false } };
}

function runnerOf(
  tool: Exclude<AgentTool, { type: "mcp" }>,
  address: Address | null,
  context: BlockContext,
): Tool["run"] {
  switch (tool.type) {
    case "function":
      return functionTool(tool, context);
    case "http":
      return httpTool(tool, needed(address), context);
    case "workflow":
      return workflowTool(tool, context);
  }
}

function addressOf(input: AgentToolInput | undefined): Address | null {
  return input === undefined || input.url === null ? null : { url: input.url, headers: input.headers };
}

function needed(address: Address | null): Address {
  if (address === null) throw new Error("The plan has no URL for a tool that needs one");
  return address;
}
