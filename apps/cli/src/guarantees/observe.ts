import { setTimeout as pause } from "node:timers/promises";

/** Looks every few milliseconds for as long as the work lasts, and once more when it is done. */
export async function whileLooking<T>(look: () => Promise<void> | void, work: Promise<T>): Promise<T> {
  const done = new AbortController();
  const looking = (async () => {
    while (!done.signal.aborted) {
      await look();
      await pause(5);
    }
    await look();
  })();
  const outcome = work.finally(() => done.abort());
  const [result] = await Promise.all([outcome, looking]);
  return result;
}

export interface Loop {
  /** Begins no further turn; resolves when those under way have ended. */
  stop(): Promise<void>;
}

/** So many callers, each of whom does `turn` again as soon as it has ended. A turn must not throw. */
export function inLoop(callers: number, turn: (caller: number) => Promise<void>): Loop {
  const stopped = new AbortController();
  const running = Array.from({ length: callers }, async (_, caller) => {
    while (!stopped.signal.aborted) {
      await turn(caller);
      // A turn that fails at once must leave room for everything else.
      await pause(1);
    }
  });
  return {
    async stop() {
      stopped.abort();
      await Promise.all(running);
    },
  };
}
