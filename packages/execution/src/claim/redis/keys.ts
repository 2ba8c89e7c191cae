import type { RateCounter } from "../port.ts";

/** The names of everything that one payer has in Redis. They share one hash tag, so that one script may touch them all. */
export interface PayerKeys {
  /** Run ids by the end of their leases: the payer's concurrency. */
  readonly slots: string;
  /** The same run ids by their expected ends. */
  readonly ends: string;
  /** What all slots hold together, and those of each member: kept in the scripts that change a slot. */
  readonly held: string;
  /** Run ids that have ended a moment ago. */
  readonly ended: string;
  slot(runId: string): string;
  /** What is settled in the period that began at this instant (ISO 8601). */
  settled(periodStart: string): string;
  bucket(counter: RateCounter): string;
}

export interface Keys {
  payer(payerId: string): PayerKeys;
  /** Whose run it is. The only thing in Redis that is found by a run's id alone. */
  owner(runId: string): string;
  /** Payers that may have slots, by when somebody should look for expired ones. */
  readonly payers: string;
}

export function createKeys(prefix: string): Keys {
  return {
    payer(payerId) {
      const root = `${prefix}:{${encodeURIComponent(payerId)}}`;
      return {
        slots: `${root}:slots`,
        ends: `${root}:ends`,
        held: `${root}:held`,
        ended: `${root}:ended`,
        slot: (runId) => `${root}:slot:${runId}`,
        settled: (periodStart) => `${root}:settled:${Date.parse(periodStart)}`,
        bucket: (counter) => `${root}:bucket:${counter}`,
      };
    },
    owner: (runId) => `${prefix}:owner:{${encodeURIComponent(runId)}}`,
    payers: `${prefix}:payers`,
  };
}
