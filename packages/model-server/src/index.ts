export { type ModelServer, type ModelServerOptions, startModelServer } from "./model-server.ts";
export type { ConnectionKey, ModelServerStats } from "./stats.ts";
