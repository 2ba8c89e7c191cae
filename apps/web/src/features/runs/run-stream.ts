import { addressMax, client } from "../../api/client.ts";
import { type Failure, readFailure } from "../../api/failure.ts";
import type { StreamEvent } from "../../api/types.ts";
import { type RunRequest, startInput } from "./run-request.ts";
import { applyEvents, decidingRun, isOver, type RunState } from "./run-state.ts";

/** `lost`: it could not be taken up again; the run goes on and its record tells the rest. */
export type Connection = "open" | "reconnecting" | "lost";

export type LiveRun =
  | { readonly kind: "idle" }
  | { readonly kind: "run"; readonly run: RunState; readonly connection: Connection }
  /** No answer about the run: bad input, or a connection that broke before the gates had answered. */
  | { readonly kind: "failed"; readonly failure: Failure };

export interface RunStream {
  readonly start: (workflowId: string, request: RunRequest) => void;
  /** Watches no longer; what is known stays. */
  readonly stop: () => void;
  readonly clear: () => void;
  readonly subscribe: (changed: () => void) => () => void;
  readonly current: () => LiveRun;
}

const tooLarge: Failure = {
  status: null,
  message:
    "This input is too large to run from the editor. Send it over REST with an API key: that takes up to 10 MB.",
  refusal: null,
  decision: null,
  runId: null,
  problems: [],
  conflict: null,
};

const lostBeforeAnswer =
  "The connection was lost before Gantry answered. The run may have started: look at Runs before you try again.";

/**
 * Watches one run at a time. Events are applied once per animation frame, so a fast model costs one render per
 * frame and not one per chunk. It reconnects only to a run that was admitted: reconnecting earlier could start another.
 */
export function createRunStream(): RunStream {
  let live: LiveRun = { kind: "idle" };
  let waiting: StreamEvent[] = [];
  let frame: number | null = null;
  let unsubscribe = () => {};
  const listeners = new Set<() => void>();

  function set(next: LiveRun) {
    live = next;
    for (const changed of listeners) changed();
  }

  function flush() {
    if (frame !== null) cancelAnimationFrame(frame);
    frame = null;
    const events = waiting;
    waiting = [];
    if (live.kind === "run" && events.length > 0) {
      set({ kind: "run", run: applyEvents(live.run, events), connection: "open" });
    }
  }

  function fail(failure: Failure) {
    stop();
    const { refusal, decision, runId } = failure;
    if (refusal === null) return set({ kind: "failed", failure });
    set({
      kind: "run",
      run: { ...decidingRun, phase: "refused", refusal, decision, runId },
      connection: "open",
    });
  }

  function stop() {
    flush();
    unsubscribe();
    unsubscribe = () => {};
  }

  function start(workflowId: string, request: RunRequest) {
    stop();
    if (encodeURIComponent(JSON.stringify(request.input)).length > addressMax) return fail(tooLarge);
    let admitted = false;
    set({ kind: "run", run: decidingRun, connection: "open" });
    const subscription = client.execution.stream.subscribe(startInput(workflowId, request), {
      onData: ({ data }) => {
        admitted = true;
        waiting.push(data);
        // A hidden page has no frames; its events are applied as they come.
        if (document.hidden) flush();
        else frame ??= requestAnimationFrame(flush);
      },
      onError: (error) => {
        flush();
        if (!admitted) return fail(readFailure(error));
        if (live.kind === "run" && !isOver(live.run.phase)) set({ ...live, connection: "lost" });
      },
      onConnectionStateChange: ({ state, error }) => {
        if (state !== "connecting" || !error) return;
        flush();
        const failure = readFailure(error);
        if (!admitted) fail(failure.status === null ? { ...failure, message: lostBeforeAnswer } : failure);
        else if (live.kind === "run" && !isOver(live.run.phase)) set({ ...live, connection: "reconnecting" });
      },
      onComplete: flush,
    });
    unsubscribe = () => subscription.unsubscribe();
  }

  function clear() {
    stop();
    set({ kind: "idle" });
  }

  return {
    start,
    stop,
    clear,
    subscribe: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    current: () => live,
  };
}
