import type { RunEvent } from "./stream-event.ts";

/** The events of one run in progress, for any number of watchers, each at its own pace. */
export interface EventLog {
  append(event: RunEvent): void;
  /** No event follows; watchers end after the last one. */
  close(): void;
  /** Events from `seq` on, those to come included. One that fell out of the log is skipped: `seq` shows the gap. */
  read(fromSeq: number): AsyncGenerator<RunEvent, void, undefined>;
}

/** A long run keeps what was last, not everything: older events leave once there are this many, or this much text. */
const eventsMax = 5_000;
const charactersMax = 8_000_000;

export function createEventLog(): EventLog {
  let events: RunEvent[] = [];
  let sizes: number[] = [];
  let characters = 0;
  let closed = false;
  let wake = deferred();

  function wakeWatchers(): void {
    const waiting = wake;
    wake = deferred();
    waiting.resolve();
  }

  function trim(): void {
    let drop = 0;
    while (drop < events.length - 1 && (events.length - drop > eventsMax || characters > charactersMax)) {
      characters -= sizes[drop] ?? 0;
      drop += 1;
    }
    // A quarter more than needed, so that the arrays are not moved for every event of a long run.
    if (drop === 0) return;
    const extra = Math.min(events.length - 1 - drop, eventsMax >> 2);
    for (let i = drop; i < drop + extra; i += 1) characters -= sizes[i] ?? 0;
    events = events.slice(drop + extra);
    sizes = sizes.slice(drop + extra);
  }

  return {
    append(event) {
      if (closed) throw new Error("An event came after the run's last one.");
      const size = sizeOf(event);
      events.push(event);
      sizes.push(size);
      characters += size;
      trim();
      wakeWatchers();
    },
    close() {
      closed = true;
      wakeWatchers();
    },
    async *read(fromSeq) {
      let next = fromSeq;
      for (;;) {
        const waiting = wake.promise;
        const index = indexOf(events, next);
        const event = events[index];
        if (event !== undefined) {
          next = event.seq + 1;
          yield event;
        } else if (closed) {
          return;
        } else {
          await waiting;
        }
      }
    },
  };
}

/** Of the first event whose seq is at least this one. */
function indexOf(events: readonly RunEvent[], seq: number): number {
  const first = events[0];
  return first === undefined ? 0 : Math.max(0, seq - first.seq);
}

function sizeOf(event: RunEvent): number {
  return event.type === "text.chunk" ? event.text.length : JSON.stringify(event).length;
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
