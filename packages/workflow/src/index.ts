export * from "./definition.ts";
export type * from "./plan.ts";
