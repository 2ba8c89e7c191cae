export { migrate, migrationsPending } from "./migrate.ts";
export * from "./pool.ts";
export * from "./schema/index.ts";
export * as schema from "./schema/index.ts";
export { classifyStoreFailure, type StoreFailure } from "./store-failure.ts";
export { warm } from "./warm.ts";
