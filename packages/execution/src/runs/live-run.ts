import type { JsonValue } from "@gantry/workflow";
import type { Decision, PreflightTimings } from "../admission/decision.ts";
import type { Admission } from "../admission/preflight.ts";
import type { RateNumbers } from "../admission/rate-numbers.ts";
import type { CancelReason, RunError } from "../engine/events.ts";
import type { EventLog } from "./event-log.ts";
import { createEventLog } from "./event-log.ts";
import type { FinalStatus, RunEvent } from "./stream-event.ts";

/** How a run ended. Times in Unix milliseconds. */
export interface FinishedRun {
  readonly status: FinalStatus;
  /** Null unless completed. */
  readonly output: JsonValue;
  /** Null unless failed. */
  readonly error: RunError | null;
  /** When the first block started; null when none did. */
  readonly startedAt: number | null;
  readonly endedAt: number;
  /** From the first block to the end; 0 when none started. */
  readonly durationMs: number;
  readonly costMicros: number;
}

/** A run that this process is running, as its callers see it. */
export interface LiveRun {
  readonly runId: string;
  readonly workflowId: string;
  readonly workspaceId: string;
  readonly decision: Decision;
  readonly timings: PreflightTimings;
  /** Null for a draft. */
  readonly version: { readonly id: string; readonly number: number } | null;
  readonly rate: RateNumbers | null;
  /** Events from this seq on, those to come included; ends after `settled`. */
  events(fromSeq: number): AsyncGenerator<RunEvent, void, undefined>;
  /** Resolves once the run is settled. Rejects only when that proved impossible. */
  readonly finished: Promise<FinishedRun>;
  cancel(reason: CancelReason): void;
}

/** The inside of a live run: what drives it also writes its events. */
export interface RunInProgress extends Omit<LiveRun, "finished"> {
  readonly admission: Admission;
  readonly log: EventLog;
  readonly signal: AbortSignal;
}

export function openRun(
  admission: Admission,
  answered: { decision: Decision; timings: PreflightTimings; rate: RateNumbers | null },
): RunInProgress {
  const log = createEventLog();
  const controller = new AbortController();
  const { runId, version, workflow } = admission;
  const { decision, timings, rate } = answered;
  log.append({ type: "admitted", seq: 0, runId, decision, timings, version });
  return {
    runId,
    workflowId: workflow.id,
    workspaceId: workflow.workspaceId,
    decision,
    timings,
    version,
    rate,
    admission,
    log,
    signal: controller.signal,
    events: (fromSeq) => log.read(fromSeq),
    cancel: (reason) => controller.abort(reason),
  };
}
