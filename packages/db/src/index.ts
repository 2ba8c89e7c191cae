export { migrate, migrationsPending } from "./migrate.ts";
export * from "./pool.ts";
export * from "./schema/index.ts";
export * as schema from "./schema/index.ts";
export { warm } from "./warm.ts";
