import type { McpServers } from "@gantry/mcp";

/** An installation that reaches no MCP server. */
export const noMcpServers: McpServers = {
  open: async () => ({ ok: false, failure: "UNKNOWN_SERVER", message: "There is no such server." }),
  close: async () => undefined,
};
