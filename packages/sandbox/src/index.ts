export { createSandbox, type SandboxPool } from "./create-sandbox.ts";
export type * from "./port.ts";
