import type { JsonValue } from "@gantry/workflow";
import type {
  BlockError,
  Decision,
  Refusal,
  RunError,
  RunStatus,
  StreamEvent,
  Timings,
} from "../../api/types.ts";
import { appendText, emptyText, type TextLog } from "./text-log.ts";

export interface BlockRun {
  readonly blockId: string;
  readonly name: string;
  readonly type: string;
  readonly status: "running" | "completed" | "failed" | "cancelled";
  readonly input: JsonValue;
  readonly output: JsonValue;
  readonly error: BlockError | null;
  /** An edge on the block's error handle took over. */
  readonly handled: boolean;
  readonly text: TextLog;
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number | null;
  readonly costMicros: number;
}

/** `deciding` until the gates have answered, then the run's own status. */
export type RunPhase = "deciding" | RunStatus;

/** A run as far as it is known: from its events while it happens, from its record afterwards. */
export interface RunState {
  readonly phase: RunPhase;
  readonly runId: string | null;
  readonly versionNumber: number | null;
  readonly decision: Decision | null;
  readonly timings: Timings | null;
  readonly refusal: Refusal | null;
  /** In the order in which blocks started. */
  readonly blocks: ReadonlyMap<string, BlockRun>;
  readonly output: { readonly value: JsonValue } | null;
  readonly error: RunError | null;
  readonly startedAt: number | null;
  readonly durationMs: number | null;
  readonly costMicros: number | null;
  /** The last event that was applied; what comes again after a reconnect is at or below it. */
  readonly lastSeq: number;
  /** How many events never arrived. The run's record has what they said. */
  readonly missed: number;
}

export const decidingRun: RunState = {
  phase: "deciding",
  runId: null,
  versionNumber: null,
  decision: null,
  timings: null,
  refusal: null,
  blocks: new Map(),
  output: null,
  error: null,
  startedAt: null,
  durationMs: null,
  costMicros: null,
  lastSeq: -1,
  missed: 0,
};

/** Applies a batch in order. Copies the map of blocks once per batch, however many chunks are in it. */
export function applyEvents(state: RunState, events: readonly StreamEvent[]): RunState {
  const blocks = new Map(state.blocks);
  let next: RunState = { ...state, blocks };
  for (const event of events) {
    if (event.seq <= next.lastSeq) continue;
    const missed = next.missed + (event.seq - next.lastSeq - 1);
    next = { ...applyEvent(next, blocks, event), lastSeq: event.seq, missed };
  }
  return next.lastSeq === state.lastSeq ? state : next;
}

export function isOver(phase: RunPhase): boolean {
  return !(phase === "deciding" || phase === "queued" || phase === "running" || phase === "paused");
}

function applyEvent(state: RunState, blocks: Map<string, BlockRun>, event: StreamEvent): RunState {
  switch (event.type) {
    case "admitted": {
      const { runId, decision, timings, version } = event;
      return { ...state, phase: "running", runId, decision, timings, versionNumber: version?.number ?? null };
    }
    case "refused": {
      const { runId, decision, timings, refusal } = event;
      return { ...state, phase: "refused", runId, decision, timings, refusal };
    }
    case "run.started":
      return { ...state, phase: "running", startedAt: event.at };
    case "block.started":
      blocks.set(event.blockId, startedBlock(event));
      return state;
    case "text.chunk":
      update(blocks, event.blockId, (block) => ({ text: appendText(block.text, event.text) }));
      return state;
    case "block.completed": {
      const { output, durationMs, costMicros } = event;
      update(blocks, event.blockId, () => ({ status: "completed", output, durationMs, costMicros }));
      return state;
    }
    case "block.failed": {
      const { error, handled, durationMs, costMicros } = event;
      update(blocks, event.blockId, () => ({ status: "failed", error, handled, durationMs, costMicros }));
      return state;
    }
    case "run.completed":
      return { ...state, phase: "completed", output: { value: event.output }, durationMs: event.durationMs };
    case "run.failed":
      stopRunning(blocks);
      return { ...state, phase: "failed", error: event.error, durationMs: event.durationMs };
    case "run.cancelled":
      stopRunning(blocks);
      return { ...state, phase: "cancelled", durationMs: event.durationMs };
    case "settled":
      stopRunning(blocks);
      return { ...state, phase: event.status, costMicros: event.costMicros };
  }
}

function startedBlock(event: Extract<StreamEvent, { type: "block.started" }>): BlockRun {
  return {
    blockId: event.blockId,
    name: event.name,
    type: event.blockType,
    status: "running",
    input: event.input,
    output: null,
    error: null,
    handled: false,
    text: emptyText,
    startedAt: event.at,
    durationMs: null,
    costMicros: 0,
  };
}

/** A block whose start was missed cannot be shown yet; the gap is counted and the record fills it in. */
function update(
  blocks: Map<string, BlockRun>,
  blockId: string,
  change: (block: BlockRun) => Partial<BlockRun>,
): void {
  const block = blocks.get(blockId);
  if (block !== undefined) blocks.set(blockId, { ...block, ...change(block) });
}

function stopRunning(blocks: Map<string, BlockRun>): void {
  for (const block of blocks.values()) {
    if (block.status === "running") blocks.set(block.blockId, { ...block, status: "cancelled" });
  }
}
