export type { MemoizedClient } from "./client-memo.ts";
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
export * from "./port.ts";
export {
  callBoundMicros,
  costMicros,
  createPriceTable,
  type ModelPrice,
  type PriceOverrides,
  type PriceTable,
  upperBoundMicros,
} from "./prices.ts";
export { ProviderError } from "./provider-error.ts";
