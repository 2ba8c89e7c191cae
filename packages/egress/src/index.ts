export { createEgress } from "./create-egress.ts";
export { createGuardedFetch, type GuardedFetch, type GuardedFetchOptions } from "./create-guarded-fetch.ts";
export { EgressRefused } from "./egress-refused.ts";
export { createGuard, type Guard, type Refused, type Resolve, type ResolvedAddress } from "./guard.ts";
export type * from "./port.ts";
export { trusting } from "./trust.ts";
