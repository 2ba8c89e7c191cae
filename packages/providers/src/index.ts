export type * from "./port.ts";
export { ProviderError } from "./provider-error.ts";
