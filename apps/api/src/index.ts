export { type Env, parseEnv } from "./env.ts";
export type { AppRouter } from "./routers/root.ts";
export { type Gantry, type StartOptions, startGantry } from "./start-gantry.ts";
