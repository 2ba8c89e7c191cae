export { createEgress } from "./create-egress.ts";
export { createGuard, type Guard, type Refused, type Resolve, type ResolvedAddress } from "./guard.ts";
export type * from "./port.ts";
