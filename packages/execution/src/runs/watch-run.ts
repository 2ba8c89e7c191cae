import type { LiveRuns } from "./live-runs.ts";
import { pause } from "./pause.ts";
import type { Principal } from "./principal.ts";
import { type ReadRunDeps, readRun } from "./read-run.ts";
import type { FinalStatus, RunEvent } from "./stream-event.ts";

export type WatchOutcome =
  | { readonly kind: "ok"; readonly events: AsyncIterable<RunEvent> }
  | { readonly kind: "not_found" };

/**
 * The events of a run from this seq on. Of one that has ended, or runs in another process, only its end is told: that
 * is read from the database, again and again until it is there or `signal` is aborted. A refused run has no events.
 */
export async function watchRun(
  deps: ReadRunDeps & {
    readonly runs: LiveRuns;
    readonly pollMs: number;
  },
  principal: Principal,
  request: { readonly runId: string; readonly fromSeq: number; readonly signal: AbortSignal },
): Promise<WatchOutcome> {
  const { runId, fromSeq, signal } = request;
  const found = await readRun(deps, principal, runId);
  if (found === null) return { kind: "not_found" };
  const here = deps.runs.get(runId);
  if (here !== null) return { kind: "ok", events: here.events(fromSeq) };
  return { kind: "ok", events: endOf() };

  async function* endOf(): AsyncGenerator<RunEvent, void, undefined> {
    for (let run = found; run !== null; run = await readRun(deps, principal, runId)) {
      const { status, costMicros, endedAt } = run;
      if (endedAt !== null) {
        if (isFinal(status)) yield { type: "settled", seq: fromSeq, status, costMicros, endedAt };
        return;
      }
      // A watcher that has left is told nothing more, so that its wait ends without an error.
      await pause(deps.pollMs, signal).catch(() => {});
      if (signal.aborted) return;
    }
  }
}

const final: Readonly<Record<FinalStatus, true>> = {
  completed: true,
  failed: true,
  cancelled: true,
  lost: true,
};

function isFinal(status: string): status is FinalStatus {
  return Object.hasOwn(final, status);
}
