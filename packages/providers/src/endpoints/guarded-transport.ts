import { createGuardedFetch, type GuardedFetchOptions } from "@gantry/egress";
import { type AnswerLimits, answerLimits } from "../answer-limits.ts";
import type { OwnedTransport } from "../transport.ts";

/**
 * To an address that a user named, over connections of one client's own. Each request is checked anew; a refused one
 * fails with `EgressRefused`. Follows redirects that pass the same checks, without the key where they leave the origin.
 */
export function guardedTransport(
  options: Pick<GuardedFetchOptions, "guard" | "trust"> & Partial<AnswerLimits>,
): OwnedTransport {
  const guarded = createGuardedFetch({ ...answerLimits, ...options });
  return {
    fetch: guarded.fetch,
    connections: () => guarded.inspect().connections,
    close: () => void guarded.close(),
  };
}
