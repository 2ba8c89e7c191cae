import type { RunStatus } from "@gantry/db";
import type { Decision, PreflightTimings } from "../admission/decision.ts";
import type { Refusal } from "../admission/refusal.ts";
import type { EngineEvent } from "../engine/events.ts";

/** How a run can end once it was admitted. */
export type FinalStatus = Extract<RunStatus, "completed" | "failed" | "cancelled" | "lost">;

export interface AdmittedEvent {
  readonly type: "admitted";
  readonly seq: 0;
  readonly runId: string;
  readonly decision: Decision;
  readonly timings: PreflightTimings;
  /** Null for a draft. */
  readonly version: { readonly id: string; readonly number: number } | null;
}

export interface SettledEvent {
  readonly type: "settled";
  readonly seq: number;
  readonly status: FinalStatus;
  readonly costMicros: number;
  /** Unix milliseconds. */
  readonly endedAt: number;
}

export interface RefusedEvent {
  readonly type: "refused";
  readonly seq: 0;
  /** Null when the refusal is not kept: the caller may not know of the workflow. */
  readonly runId: string | null;
  readonly decision: Decision;
  readonly timings: PreflightTimings;
  readonly refusal: Refusal;
}

/** What a watcher of an admitted run sees: `admitted`, the engine's events, `settled`. `seq` grows without gaps. */
export type RunEvent = AdmittedEvent | EngineEvent | SettledEvent;

/** What the caller of a stream sees: a run's events, or one refusal. */
export type StreamEvent = RunEvent | RefusedEvent;
