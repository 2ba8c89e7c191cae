import { createGuard, trusting } from "@gantry/egress";
import type { AnswerLimits } from "../answer-limits.ts";
import { guardedTransport } from "../endpoints/guarded-transport.ts";
import type { OwnedTransport } from "../transport.ts";

/** Opens connections to addresses that users named, where this machine is an allowed one. */
export function userTransports(ca: string, limits: Partial<AnswerLimits>): () => OwnedTransport {
  const guard = createGuard({ policy: { allow: ["127.0.0.1/32"] } });
  const trust = trusting([ca]);
  return () => guardedTransport({ ...limits, guard, trust });
}
