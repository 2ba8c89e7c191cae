export { type ModelServer, type ModelServerOptions, startModelServer } from "./model-server.ts";
export type { ModelServerStats } from "./stats.ts";
