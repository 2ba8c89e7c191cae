export { createMcpServers, type McpServersOptions, type OperatorServer } from "./create-mcp-servers.ts";
export type { OperatorProcess } from "./operator-processes.ts";
export type * from "./port.ts";
