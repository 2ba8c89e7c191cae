export type * from "./events.ts";
export type * from "./engine.ts";
