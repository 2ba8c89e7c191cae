import type { EngineEvent, ModelCharge, RunError } from "../engine/events.ts";
import type { FinalStatus } from "./stream-event.ts";

/** What one block did, as settlement stores it. Values are JSON text. */
export interface BlockSpan {
  readonly blockId: string;
  readonly seq: number;
  readonly name: string;
  readonly type: string;
  readonly status: "completed" | "failed" | "cancelled";
  readonly input: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly costMicros: number;
}

/** What the engine told of a run, gathered for its settlement. */
export interface RunRecord {
  readonly status: FinalStatus;
  /** JSON text; null unless completed. */
  readonly output: string | null;
  readonly error: RunError | null;
  /** When the first block started, Unix milliseconds; null when none did. */
  readonly startedAt: number | null;
  readonly spans: readonly BlockSpan[];
  readonly charges: readonly ModelCharge[];
}

export interface Journal {
  record(event: EngineEvent): void;
  /** Throws when the engine has not told the end. */
  result(): RunRecord;
}

type Started = Extract<EngineEvent, { type: "block.started" }>;

export function createJournal(): Journal {
  const running = new Map<string, Started>();
  const spans: BlockSpan[] = [];
  const charges: ModelCharge[] = [];
  let startedAt: number | null = null;
  let end: Pick<RunRecord, "status" | "output" | "error"> | null = null;

  function endBlock(event: Extract<EngineEvent, { type: "block.completed" | "block.failed" }>): void {
    const started = running.get(event.blockId);
    if (started === undefined) throw new Error(`Block ${event.blockId} ended without having started.`);
    running.delete(event.blockId);
    charges.push(...event.charges);
    const failed = event.type === "block.failed" ? event.error : null;
    spans.push({
      blockId: event.blockId,
      seq: started.seq,
      name: started.name,
      type: started.blockType,
      status: failed === null ? "completed" : failed.code === "CANCELLED" ? "cancelled" : "failed",
      input: JSON.stringify(started.input),
      output: event.type === "block.completed" ? JSON.stringify(event.output) : null,
      error: failed === null ? null : JSON.stringify(failed),
      startedAt: started.at,
      durationMs: event.durationMs,
      costMicros: event.costMicros,
    });
  }

  return {
    record(event) {
      switch (event.type) {
        case "run.started":
        case "text.chunk":
          return;
        case "block.started":
          startedAt ??= event.at;
          running.set(event.blockId, event);
          return;
        case "block.completed":
        case "block.failed":
          endBlock(event);
          return;
        case "run.completed":
          end = { status: "completed", output: JSON.stringify(event.output), error: null };
          return;
        case "run.failed":
          end = { status: "failed", output: null, error: event.error };
          return;
        case "run.cancelled":
          end = { status: "cancelled", output: null, error: null };
          return;
      }
    },
    result() {
      if (end === null) throw new Error("The engine ended without telling how.");
      return { ...end, startedAt, spans, charges };
    },
  };
}
