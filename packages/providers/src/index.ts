export type { ClientLife, KeyInUse } from "./client-memo.ts";
export {
  type ConnectionPool,
  type ConnectionPoolOptions,
  createConnectionPool,
  type OriginConnections,
} from "./connection-pool.ts";
export {
  createProviders,
  type OwnedProviders,
  type ProvidersInspection,
  type ProvidersOptions,
} from "./create-providers.ts";
export { guardedTransport } from "./endpoints/guarded-transport.ts";
export { compileOutputSchema, type OutputCheck, type OutputSchema } from "./output-schema.ts";
export * from "./port.ts";
export { callBoundMicros, costMicros, upperBoundMicros } from "./prices/call-cost.ts";
export type { ModelPrice } from "./prices/model-price.ts";
export { createPriceTable, type PriceTable } from "./prices/price-table.ts";
export { ProviderError } from "./provider-error.ts";
export { secretsOf } from "./secrets-of.ts";
export type { OwnedTransport, Transport } from "./transport.ts";
