export * from "./audit.ts";
export * from "./billing.ts";
export * from "./people.ts";
export * from "./runs.ts";
export * from "./secrets.ts";
export * from "./workflows.ts";
