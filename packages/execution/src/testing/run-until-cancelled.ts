import type { EngineRun } from "../engine/engine.ts";
import type { EngineEvent } from "../engine/events.ts";

/** In place of the engine: a run that reaches no block, so that it costs nothing, and goes on until it is cancelled. */
export async function* runUntilCancelled({
  signal,
}: EngineRun): AsyncGenerator<EngineEvent, void, undefined> {
  yield { type: "run.started", seq: 1, at: Date.now() };
  if (!signal.aborted) {
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  }
  yield { type: "run.cancelled", seq: 2, at: Date.now(), reason: "requested", durationMs: 1 };
}
