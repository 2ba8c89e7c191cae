import type { Redis } from "ioredis";
import { ask } from "./ask.ts";
import type { Keys } from "./keys.ts";

/** Until a run's row is in PostgreSQL, which takes milliseconds. */
const claimedKeptMs = 60_000;
/** Renewed with the lease. An outage of Redis that takes longer ends the runs that outlast it. */
const runningKeptMs = 3_600_000;

/** Whose run it is. A key of each run's own, for a run's id says nothing about where its payer's keys are. */
export interface Owners {
  /** Says whose the run is, unless that was said before; answers with who it was then. */
  claim(runId: string, payerId: string): Promise<string | null>;
  of(runId: string): Promise<string | null>;
  /** Keeps what is known of these runs, and answers with them by payer. */
  keep(runIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
}

export function createOwners(redis: Redis, keys: Keys): Owners {
  return {
    claim: (runId, payerId) => ask(redis.set(keys.owner(runId), payerId, "PX", claimedKeptMs, "NX", "GET")),
    of: (runId) => ask(redis.get(keys.owner(runId))),
    async keep(runIds) {
      const owners = await Promise.all(
        runIds.map((runId) => ask(redis.getex(keys.owner(runId), "PX", runningKeptMs))),
      );
      const byPayer = new Map<string, string[]>();
      for (const [index, runId] of runIds.entries()) {
        const payerId = owners[index];
        if (typeof payerId !== "string") continue;
        const own = byPayer.get(payerId);
        if (own === undefined) byPayer.set(payerId, [runId]);
        else own.push(runId);
      }
      return byPayer;
    },
  };
}
