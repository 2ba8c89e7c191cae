import type { McpSession } from "@gantry/mcp";
import type { ToolDefinition } from "@gantry/providers";
import type { AgentTool } from "@gantry/workflow";
import type { AgentToolInput, BlockContext } from "../../../block-executor.ts";
import type { BlockError } from "../../../events.ts";
import { engineLimits } from "../../../limits.ts";
import { invalidTool, type OpenedTools, openTool } from "./open-tool.ts";
import type { Tool } from "./tool.ts";

/** The tools of one agent block, ready to be called. */
export interface Toolbox {
  readonly definitions: readonly ToolDefinition[];
  find(name: string): Tool | undefined;
  /** Ends the sessions with MCP servers. */
  close(): Promise<void>;
}

export type OpenedToolbox =
  | { readonly ok: true; readonly toolbox: Toolbox }
  | { readonly ok: false; readonly error: BlockError };

/**
 * Opens what the block lists, MCP servers side by side. Anything that is wrong with it is the block's error, before a
 * model is asked, and leaves nothing open. `inputs`: one for each tool that is listed.
 */
export async function openToolbox(
  listed: readonly AgentTool[],
  inputs: readonly AgentToolInput[],
  context: BlockContext,
): Promise<OpenedToolbox> {
  const settled = await Promise.allSettled(
    listed.map((tool, index) => openTool(tool, inputs[index], context)),
  );
  const opened = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const sessions = opened.flatMap((one) => (one.ok && one.session !== null ? [one.session] : []));
  const tools = opened.flatMap((one) => (one.ok ? one.tools : []));
  const fault = settled.find((one) => one.status === "rejected");
  const refused = opened.find((one) => !one.ok) ?? unfit(tools);
  if (fault !== undefined || refused !== null) {
    await closeAll(sessions);
    if (fault !== undefined) throw fault.reason;
  }
  if (refused !== null) return refused;
  const byName = new Map(tools.map((tool) => [tool.definition.name, tool]));
  const toolbox: Toolbox = {
    definitions: tools.map((tool) => tool.definition),
    find: (name) => byName.get(name),
    close: () => closeAll(sessions),
  };
  return { ok: true, toolbox };
}

/** What a definition cannot know of tools that come from a server. */
function unfit(tools: readonly Tool[]): Extract<OpenedTools, { ok: false }> | null {
  const { agentToolsMax } = engineLimits;
  if (tools.length > agentToolsMax)
    return invalidTool(`The block has ${tools.length} tools, and a model takes at most ${agentToolsMax}.`);
  const names = new Set<string>();
  for (const { definition } of tools) {
    const { name } = definition;
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name))
      return invalidTool(
        `An MCP server has a tool "${name}", which no model can call: leave it out by "only".`,
      );
    if (names.has(name)) return invalidTool(`Two tools of the block are called "${name}".`);
    names.add(name);
  }
  return null;
}

/** One that cannot be closed in order is gone already. */
async function closeAll(sessions: readonly McpSession[]): Promise<void> {
  await Promise.allSettled(sessions.map((session) => session.close()));
}
