import type { EngineEvent } from "./events.ts";
import { engineLimits } from "./limits.ts";

type WithoutStamp<E> = E extends EngineEvent ? Omit<E, "seq" | "at"> : never;
/** An event before it is numbered and dated. */
export type EventBody = WithoutStamp<EngineEvent>;

type TextChunk = Extract<EngineEvent, { type: "text.chunk" }>;
interface TextWaiting {
  readonly stamp: { readonly seq: number; readonly at: number };
  readonly blockId: string;
  text: string;
}

/**
 * Events between the blocks, which push, and one consumer, which pulls. Text of a block joins the chunk of that block
 * that is still waiting, so a slow consumer gets fewer and longer chunks. What waits is bounded: without room no block
 * is started and no model stream is read on.
 */
export class EventFeed {
  readonly #now: () => number;
  readonly #waiting: (EngineEvent | TextWaiting)[] = [];
  readonly #textOf = new Map<string, TextWaiting>();
  #textChars = 0;
  #seq = 0;
  #state: "open" | "draining" | "ended" = "open";
  #failure: { readonly error: unknown } | null = null;
  /** Text of this turn of the event loop is still being gathered. */
  #gathering: NodeJS.Immediate | null = null;
  #wakeReader: (() => void) | null = null;
  #roomWaiters: (() => void)[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  push(body: EventBody): void {
    if (this.#state === "ended") return;
    this.#waiting.push({ ...this.#stamp(), ...body });
    this.#wake();
  }

  text(blockId: string, text: string): void {
    if (this.#state === "ended" || text === "") return;
    this.#textChars += text.length;
    const waiting = this.#textOf.get(blockId);
    if (waiting !== undefined) {
      waiting.text += text;
      return;
    }
    const chunk = { stamp: this.#stamp(), blockId, text };
    this.#textOf.set(blockId, chunk);
    this.#waiting.push(chunk);
    this.#gathering ??= setImmediate(() => {
      this.#gathering = null;
      this.#wake();
    });
  }

  get hasRoom(): boolean {
    if (this.#state !== "open") return true;
    return (
      this.#waiting.length < engineLimits.eventsWaitingMax &&
      this.#textChars < engineLimits.textWaitingCharsMax
    );
  }

  /** Resolves when there is room; at once when there is. */
  async room(): Promise<void> {
    while (!this.hasRoom) {
      await new Promise<void>((resolve) => this.#roomWaiters.push(resolve));
    }
  }

  /** The run is ending: nobody waits for room any more, what is told from here on is little. */
  drain(): void {
    if (this.#state === "open") this.#state = "draining";
    this.#tellRoom();
  }

  /** The last event. Whatever is pushed afterwards is dropped. */
  end(body: EventBody): void {
    this.push(body);
    this.#state = "ended";
    this.#tellRoom();
  }

  /** The consumer has left: nothing is kept for it. */
  discard(): void {
    this.#state = "ended";
    this.#waiting.length = 0;
    this.#textOf.clear();
    this.#tellRoom();
    this.#wake();
  }

  /** A broken invariant of the engine itself: the consumer gets it as an exception. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.discard();
  }

  /** The next event; null after the last one. One reader at a time. */
  async next(): Promise<EngineEvent | null> {
    for (;;) {
      if (this.#failure !== null) throw this.#failure.error;
      const event = this.#take();
      if (event !== null) return event;
      if (this.#state === "ended" && this.#waiting.length === 0) return null;
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
  }

  #take(): EngineEvent | null {
    const first = this.#waiting[0];
    if (first === undefined) return null;
    if ("stamp" in first && this.#gathering !== null) return null;
    const hadRoom = this.hasRoom;
    this.#waiting.shift();
    const event = "stamp" in first ? this.#closeText(first) : first;
    if (!hadRoom && this.hasRoom) this.#tellRoom();
    return event;
  }

  #closeText(waiting: TextWaiting): TextChunk {
    if (this.#textOf.get(waiting.blockId) === waiting) this.#textOf.delete(waiting.blockId);
    this.#textChars -= waiting.text.length;
    return { ...waiting.stamp, type: "text.chunk", blockId: waiting.blockId, text: waiting.text };
  }

  #stamp(): { seq: number; at: number } {
    this.#seq += 1;
    return { seq: this.#seq, at: this.#now() };
  }

  #wake(): void {
    const wake = this.#wakeReader;
    this.#wakeReader = null;
    wake?.();
  }

  #tellRoom(): void {
    const waiters = this.#roomWaiters;
    this.#roomWaiters = [];
    for (const tell of waiters) tell();
  }
}
