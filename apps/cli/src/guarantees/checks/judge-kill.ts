import { type Answer, isCompleted, tally } from "../calls/answer.ts";
import { type ChargedRun, chargeFaultsOf } from "../charges.ts";
import type { Finding } from "../check.ts";
import { count } from "../count.ts";

export const healingMaxMs = 30_000;

/** What came of a process that was killed with runs in progress. */
export interface KillHistory {
  /** From the kill until every slot of it was free. */
  readonly healingMs: number;
  /** Runs that were charged for one call and waited for another, as their callers see them afterwards. */
  readonly interrupted: readonly { readonly runId: string; readonly status: string }[];
  /** What the payer of the interrupted runs still had in use after that. */
  readonly leaked: { readonly slots: number; readonly heldMicros: number };
  /** As many runs of that payer as it has slots, all at once, afterwards. */
  readonly again: readonly Answer[];
  /** By the other process, from the kill until all was healed. */
  readonly served: readonly Answer[];
  /** All that callers were told, before and after. */
  readonly told: readonly Answer[];
  readonly charges: readonly ChargedRun[];
  readonly callsOf: (workflowId: string) => number;
  /** Counters that are not the sum of their ledger entries. */
  readonly ledgerDifferences: number;
}

export function judgeKill(history: KillHistory): readonly Finding[] {
  const { healingMs, interrupted, leaked, again, served, told, charges } = history;
  const lost = interrupted.filter(({ status }) => status === "lost").length;
  const startedAgain = again.filter(isCompleted).length;
  const { doubled, missing, differing } = chargeFaultsOf(charges, history.callsOf);
  const ended = new Map(charges.map((run) => [run.runId, run]));
  const kept = interrupted.filter(({ runId }) => ended.get(runId)?.callEntries === 1).length;
  const completed = told.filter(isCompleted);
  const forgotten = completed.filter(({ runId }) => ended.get(runId ?? "")?.status !== "completed").length;
  return [
    {
      guarantee: "its slots are free again",
      measured: `after ${(healingMs / 1_000).toFixed(1)} s`,
      required: `within ${healingMaxMs / 1_000} s`,
      holds: healingMs <= healingMaxMs,
    },
    {
      guarantee: "its runs in progress are seen as lost",
      measured: `${lost} of ${interrupted.length}`,
      required: "all",
      holds: interrupted.length > 0 && lost === interrupted.length,
    },
    {
      guarantee: "what they had spent stays charged",
      measured: `${kept} of ${interrupted.length}`,
      required: "all",
      holds: interrupted.length > 0 && kept === interrupted.length,
    },
    {
      guarantee: "leaked slots and holds",
      measured: `${leaked.slots} slots, ${leaked.heldMicros} micro-dollars; ${startedAgain} of ${again.length} slots usable`,
      required: "0, 0, all",
      holds:
        leaked.slots === 0 && leaked.heldMicros === 0 && again.length > 0 && startedAgain === again.length,
    },
    {
      guarantee: "the other process went on serving",
      measured: tally(served),
      required: "all completed",
      holds: served.length > 0 && served.every(isCompleted),
    },
    {
      guarantee: "charges",
      measured: `of ${count(charges.length)} runs ${doubled} doubled, ${missing} missing, ${differing + history.ledgerDifferences} differing`,
      required: "0, 0, 0",
      holds:
        charges.length > interrupted.length &&
        doubled + missing + differing + history.ledgerDifferences === 0,
    },
    {
      guarantee: "results that a caller was given are kept",
      measured: `${count(completed.length - forgotten)} of ${count(completed.length)}`,
      required: "all",
      holds: completed.length > 0 && forgotten === 0,
    },
  ];
}
