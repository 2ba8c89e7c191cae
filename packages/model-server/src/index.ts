export { generateCertificate } from "./certificate.ts";
export { type ModelServer, type ModelServerOptions, startModelServer } from "./model-server.ts";
export type { SeenRequest } from "./serve-call.ts";
export type { ConnectionKey, ModelServerStats } from "./stats.ts";
