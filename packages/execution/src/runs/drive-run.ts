import type { JsonValue } from "@gantry/workflow";
import type { ClaimStore } from "../claim/port.ts";
import type { Settled } from "../claim/settlement.ts";
import type { EngineResources, RunPlan } from "../engine/engine.ts";
import { createJournal, type RunRecord } from "./journal.ts";
import type { FinishedRun, RunInProgress } from "./live-run.ts";
import type { RunAccount } from "./run-account.ts";

export interface DriveDeps {
  readonly claims: Pick<ClaimStore, "settle">;
  readonly account: Pick<RunAccount, "written">;
  readonly runPlan: RunPlan;
  readonly baseChargeMicros: number;
  readonly now: () => number;
  /** Told of every failed attempt to settle; another follows. */
  readonly onSettlementDelayed: (error: unknown, runId: string) => void;
  /** Waits this long, or until the process gives up. */
  readonly pause: (ms: number) => Promise<void>;
}

/** Runs an admitted run to its end and settles it. */
export async function driveRun(
  deps: DriveDeps,
  run: RunInProgress,
  resources: EngineResources,
): Promise<FinishedRun> {
  const { admission, log, signal } = run;
  const journal = createJournal();
  const { deadlineMs } = admission.claim;
  const deadlineAt = deps.now() + deadlineMs;
  const deadline = setTimeout(() => run.cancel("deadline"), deadlineMs);
  let seq = 0;
  try {
    const { plan, input } = admission;
    for await (const event of deps.runPlan({ plan, input, signal, deadlineAt }, resources)) {
      seq = event.seq;
      journal.record(event);
      log.append(event);
    }
    const record = journal.result();
    await deps.account.written();
    const settled = await settle(deps, run, record);
    log.append({ type: "settled", seq: seq + 1, ...settled });
    return finishedRun(record, settled);
  } finally {
    clearTimeout(deadline);
    log.close();
  }
}

/** The output leaves as it was stored, so that whoever asks again later is told the same. */
function finishedRun(record: RunRecord, settled: Settled): FinishedRun {
  const output: JsonValue = record.output === null ? null : JSON.parse(record.output);
  const { startedAt, error } = record;
  const durationMs = startedAt === null ? 0 : Math.max(0, settled.endedAt - startedAt);
  return { ...settled, output, error, startedAt, durationMs };
}

const pausesMs = [50, 200, 500, 1_000, 2_000];

/**
 * What has run has run: as long as the database is away, settlement is tried again, for the answer must not come
 * before it and must not be lost either.
 */
async function settle(deps: DriveDeps, run: RunInProgress, record: RunRecord): Promise<Settled> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await deps.claims.settle({
        runId: run.runId,
        epoch: run.admission.claim.epoch,
        record,
        decision: run.decision,
        timings: run.timings,
        baseChargeMicros: deps.baseChargeMicros,
        now: deps.now(),
      });
    } catch (error) {
      deps.onSettlementDelayed(error, run.runId);
      await deps.pause(pausesMs[Math.min(attempt, pausesMs.length - 1)] ?? 2_000);
    }
  }
}
