import type { FinishedRun, RunView } from "@gantry/execution";

/** A run as REST tells it: times in ISO 8601. */
export interface RestRun {
  readonly runId: string;
  readonly workflowId: string;
  readonly status: RunView["status"];
  readonly output: RunView["output"];
  readonly error: RunView["error"];
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** From the first block to the end; null until then. */
  readonly durationMs: number | null;
}

export interface StoredRestRun extends RestRun {
  readonly costMicros: number;
  /** Only of a refused run. */
  readonly refusal?: { readonly code: string; readonly message: string };
}

export function finishedRun(runId: string, workflowId: string, run: FinishedRun): RestRun {
  return {
    runId,
    workflowId,
    status: run.status,
    output: run.output,
    error: run.error,
    startedAt: isoTime(run.startedAt),
    endedAt: isoTime(run.endedAt),
    durationMs: Math.round(run.durationMs),
  };
}

export function storedRun(run: RunView): StoredRestRun {
  return {
    runId: run.id,
    workflowId: run.workflowId,
    status: run.status,
    output: run.output,
    error: run.error,
    startedAt: isoTime(run.startedAt),
    endedAt: isoTime(run.endedAt),
    durationMs: durationOf(run),
    costMicros: run.costMicros,
    ...(run.refusal === null ? {} : { refusal: { code: run.refusal.code, message: run.refusal.message } }),
  };
}

function durationOf({ startedAt, endedAt }: RunView): number | null {
  if (endedAt === null) return null;
  return startedAt === null ? 0 : Math.max(0, Math.round(endedAt - startedAt));
}

function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
