import type { RunRecord } from "../../api/types.ts";
import type { BlockRun, RunState } from "./run-state.ts";
import { emptyText } from "./text-log.ts";

type Span = RunRecord["spans"][number];

/** A stored run in the same shape as one that is being watched, so that both look alike. */
export function fromRecord(record: RunRecord): RunState {
  const spans = [...record.spans].sort((a, b) => a.startedAt - b.startedAt || a.seq - b.seq);
  return {
    phase: record.status,
    runId: record.id,
    versionNumber: record.version?.number ?? null,
    decision: record.decision,
    timings: record.timings,
    refusal: record.refusal,
    blocks: new Map(spans.map((span) => [span.blockId, fromSpan(span)])),
    output: record.status === "completed" ? { value: record.output } : null,
    error: record.error,
    startedAt: record.startedAt,
    durationMs:
      record.startedAt === null || record.endedAt === null ? null : record.endedAt - record.startedAt,
    costMicros: record.costMicros,
    lastSeq: Number.MAX_SAFE_INTEGER,
    missed: 0,
  };
}

function fromSpan(span: Span): BlockRun {
  return {
    blockId: span.blockId,
    name: span.name,
    type: span.type,
    status: span.status,
    input: span.input,
    output: span.output,
    error: span.error,
    handled: false,
    text: emptyText,
    startedAt: span.startedAt,
    durationMs: span.durationMs,
    costMicros: span.costMicros,
  };
}
