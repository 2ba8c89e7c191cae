import type { ClaimStore } from "./port.ts";

/**
 * Answers whether a run's claim is on disk and still stands. Throws what the store throws.
 *
 * A claim is answered before it is on disk: waiting for the disk would hold up the payer's other runs, and cost more
 * than all the rest of preflight (preflight p50 8 times `select 1` with the wait, 5 times without). Should the
 * database crash in those milliseconds, slot and hold are gone while the run goes on; so nothing leaves the process
 * for a run until this has said yes.
 */
export type ConfirmClaim = (runId: string) => Promise<boolean>;

/** Runs that ask while a statement is on its way are confirmed together by the next one. */
export function createClaimConfirmer(claims: Pick<ClaimStore, "persist">, holder: string): ConfirmClaim {
  let waiting: Set<string> | null = null;
  let next: Promise<ReadonlySet<string>> | null = null;
  let current: Promise<unknown> = Promise.resolve();

  function join(runId: string): Promise<ReadonlySet<string>> {
    if (waiting === null || next === null) {
      const runIds = new Set<string>();
      waiting = runIds;
      next = current
        .catch(() => {})
        .then(() => {
          waiting = null;
          return claims.persist(holder, [...runIds]);
        })
        .then((standing) => new Set(standing));
      current = next;
    }
    waiting.add(runId);
    return next;
  }

  return async (runId) => (await join(runId)).has(runId);
}
