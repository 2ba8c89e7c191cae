import type { JsonValue, PlanBlock } from "@gantry/workflow";
import type { EngineResources, EngineRun } from "./engine.ts";
import { type EventBody, EventFeed } from "./event-feed.ts";
import type { BlockError, CancelReason, EngineEvent, RunError } from "./events.ts";
import { engineLimits } from "./limits.ts";
import { type BlockEnd, type BlockResult, type BlockSurroundings, runBlock } from "./run-block.ts";
import { runOutput } from "./run-output.ts";
import type { RunScope } from "./run-scope.ts";
import { Schedule } from "./schedule.ts";

/** Why no further block is started. The first cause stands, whatever follows while blocks come to rest. */
type Stop =
  | { readonly kind: "cancelled"; readonly reason: CancelReason }
  | { readonly kind: "failed"; readonly error: RunError }
  | { readonly kind: "left" };

/** One run from its first event to its last. Does nothing until the first event is asked for. */
export class ActiveRun {
  readonly #feed: EventFeed;
  readonly #run: EngineRun;
  readonly #resources: EngineResources;
  readonly #schedule: Schedule;
  readonly #outputs = new Map<string, JsonValue>();
  readonly #inFlight = new Map<string, AbortController>();
  readonly #around: BlockSurroundings;
  readonly #scope: RunScope;
  #dataChars = 0;
  #startedAt = 0;
  #state: "new" | "running" | "ended" = "new";
  #stop: Stop | null = null;
  #waitsForRoom = false;
  #tellEnded: () => void = () => undefined;
  readonly #ended: Promise<void>;

  constructor(run: EngineRun, resources: EngineResources, scope: RunScope) {
    this.#run = run;
    this.#resources = resources;
    this.#scope = scope;
    this.#feed = new EventFeed(resources.now);
    this.#schedule = new Schedule(run.plan);
    this.#around = {
      values: {
        plan: run.plan,
        outputs: this.#outputs,
        isSkipped: (blockId) => this.#schedule.isSkipped(blockId),
        secrets: scope.secrets,
      },
      run,
      resources,
      feed: this.#feed,
      scope,
    };
    this.#ended = new Promise((resolve) => {
      this.#tellEnded = resolve;
    });
  }

  /** All events; one reader. A reader that leaves early stops the run and waits for it. */
  async *events(): AsyncGenerator<EngineEvent, void, undefined> {
    try {
      this.#begin();
      for (;;) {
        const event = await this.#feed.next();
        if (event === null) return;
        yield event;
      }
    } finally {
      await this.leave();
    }
  }

  #begin(): void {
    this.#state = "running";
    this.#startedAt = this.#resources.now();
    this.#feed.push({ type: "run.started" });
    const { signal } = this.#run;
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener("abort", this.#onAbort);
    this.#advance();
  }

  /** The consumer takes no more events. Resolves when every block has stopped; harmless at any time. */
  async leave(): Promise<void> {
    this.#feed.discard();
    if (this.#state === "new") this.#state = "ended";
    if (this.#state === "ended") return;
    this.#halt({ kind: "left" });
    this.#advance();
    await this.#ended;
  }

  readonly #onAbort = (): void => {
    const reason = cancelReason(this.#run.signal.reason);
    this.#halt(
      reason === "deadline"
        ? {
            kind: "failed",
            error: { code: "DEADLINE_EXCEEDED", message: "The run reached its deadline.", blockId: null },
          }
        : { kind: "cancelled", reason },
    );
    this.#advance();
  };

  #halt(stop: Stop): void {
    this.#stop ??= stop;
    this.#feed.drain();
    for (const controller of this.#inFlight.values()) controller.abort();
  }

  /** Starts what is ready, as far as the bounds allow, and ends the run when nothing is left. */
  #advance(): void {
    if (this.#state !== "running") return;
    while (this.#stop === null && this.#inFlight.size < engineLimits.blocksInFlightMax) {
      if (!this.#feed.hasRoom) {
        this.#advanceWhenThereIsRoom();
        return;
      }
      const id = this.#schedule.takeReady();
      if (id === undefined) break;
      const block = this.#run.plan.blocks[id];
      if (block === undefined) throw new Error(`The plan has an edge to "${id}", which it does not hold`);
      this.#launch(block);
    }
    if (this.#inFlight.size === 0) this.#end();
  }

  #launch(block: PlanBlock): void {
    const controller = new AbortController();
    this.#inFlight.set(block.block.id, controller);
    runBlock(block, this.#around, controller.signal)
      .then((end) => this.#settle(block, end))
      .catch((error: unknown) => {
        this.#inFlight.delete(block.block.id);
        this.#break(error);
      });
  }

  #settle(block: PlanBlock, end: BlockEnd): void {
    const { id: blockId } = block.block;
    const { durationMs, charges } = end;
    const costMicros = charges.reduce((sum, charge) => sum + charge.costMicros, 0);
    const measured = { blockId, durationMs, costMicros, charges };
    const { redaction } = this.#around.values.secrets;
    this.#inFlight.delete(blockId);

    const result = this.#withinRunData(end.result);
    if (result.kind === "completed") {
      this.#outputs.set(blockId, result.output);
      this.#feed.push({ type: "block.completed", ...measured, output: redaction.value(result.output) });
      this.#schedule.decide(blockId, result.handle);
    } else {
      const { error } = result;
      const handled = this.#stop === null && block.outgoing.some((edge) => edge.sourceHandle === "error");
      this.#feed.push({ type: "block.failed", ...measured, error, handled });
      if (handled) {
        this.#outputs.set(blockId, errorOutput(error));
        this.#schedule.decide(blockId, "error");
      } else {
        const message = `Block "${block.block.name}" failed: ${error.message}`;
        const { code, refusal } = error;
        const failure: RunError = { code, message, blockId, ...(refusal === undefined ? {} : { refusal }) };
        this.#halt({ kind: "failed", error: failure });
      }
    }
    this.#advance();
  }

  #withinRunData(result: BlockResult): BlockResult {
    if (result.kind === "failed") return result;
    if (this.#scope.totals.takeData(result.chars)) {
      this.#dataChars += result.chars;
      return result;
    }
    const message = `With this output the run would hold more than ${engineLimits.runDataCharsMax} characters.`;
    return { kind: "failed", error: { code: "RESPONSE_TOO_LARGE", message, retryable: false } };
  }

  #advanceWhenThereIsRoom(): void {
    if (this.#waitsForRoom) return;
    this.#waitsForRoom = true;
    this.#feed
      .room()
      .then(this.#onRoom)
      .catch((error: unknown) => this.#break(error));
  }

  readonly #onRoom = (): void => {
    this.#waitsForRoom = false;
    this.#advance();
  };

  #end(): void {
    this.#state = "ended";
    this.#run.signal.removeEventListener("abort", this.#onAbort);
    this.#scope.totals.giveData(this.#dataChars);
    if (this.#stop?.kind !== "left") this.#feed.end(this.#lastEvent(this.#stop));
    this.#tellEnded();
  }

  #lastEvent(stop: Exclude<Stop, { kind: "left" }> | null): EventBody {
    const durationMs = Math.max(0, this.#resources.now() - this.#startedAt);
    if (stop === null) {
      const output = runOutput(this.#run.plan, this.#outputs, (id) => this.#schedule.hasContinued(id));
      const { redaction } = this.#around.values.secrets;
      return { type: "run.completed", output: redaction.value(output), durationMs };
    }
    return stop.kind === "failed"
      ? { type: "run.failed", error: stop.error, durationMs }
      : { type: "run.cancelled", reason: stop.reason, durationMs };
  }

  /** The engine itself is at fault: the consumer is told by an exception, and the blocks are stopped all the same. */
  #break(error: unknown): void {
    this.#feed.fail(error);
    this.#halt({ kind: "left" });
    this.#advance();
  }
}

function errorOutput(error: BlockError): JsonValue {
  return Object.freeze({ error: Object.freeze({ code: error.code, message: error.message }) });
}

const cancelReasons: Readonly<Record<CancelReason, true>> = {
  requested: true,
  deadline: true,
  disconnected: true,
  lease_lost: true,
  shutdown: true,
};

function cancelReason(reason: unknown): CancelReason {
  return typeof reason === "string" && isCancelReason(reason) ? reason : "requested";
}

function isCancelReason(reason: string): reason is CancelReason {
  return Object.hasOwn(cancelReasons, reason);
}
