import type { Answer } from "./calls/answer.ts";
import type { ChargedRun } from "./charges.ts";
import type { Finding } from "./check.ts";

/** The guarantees that do not hold, by their names. */
export function broken(findings: readonly Finding[]): string[] {
  return findings.filter(({ holds }) => !holds).map(({ guarantee }) => guarantee.trim());
}

export function completed(runId: string, output: unknown = null): Answer {
  return { status: 200, code: null, retryAfter: false, runId, run: { status: "completed", output } };
}

export function refused(status: number, code: string, retryAfter = status !== 402): Answer {
  return { status, code, retryAfter, runId: null, run: null };
}

/** Completed, and charged once for itself and for one call. */
export function charged(runId: string, difference: Partial<ChargedRun> = {}): ChargedRun {
  return {
    runId,
    workflowId: "w",
    status: "completed",
    costMicros: 6_000,
    baseEntries: 1,
    callEntries: 1,
    ledgerMicros: 6_000,
    ...difference,
  };
}

/** `times(3, (i) => ...)`: the three results. */
export function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
