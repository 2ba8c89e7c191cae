export type * from "./engine.ts";
export type * from "./events.ts";
export { runPlan } from "./run-plan.ts";
