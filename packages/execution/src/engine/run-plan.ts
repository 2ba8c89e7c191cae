import { ActiveRun } from "./active-run.ts";
import type { RunPlan } from "./engine.ts";
import type { EngineEvent } from "./events.ts";

/** See `RunPlan`. */
export const runPlan: RunPlan = (run, resources) => {
  const active = new ActiveRun(run, resources);
  const events = tell(active);
  // A generator's own `return()` waits for the `next()` before it, and that may wait for a block: the run is stopped
  // first, so that a consumer which leaves while it waits leaves promptly.
  const stopped: AsyncGenerator<EngineEvent, void, undefined> = {
    next: () => events.next(),
    return: async () => {
      await active.leave();
      return events.return();
    },
    throw: async (error: unknown) => {
      await active.leave();
      return events.throw(error);
    },
    [Symbol.asyncIterator]: () => stopped,
  };
  return stopped;
};

async function* tell(active: ActiveRun): AsyncGenerator<EngineEvent, void, undefined> {
  try {
    active.begin();
    for (;;) {
      const event = await active.feed.next();
      if (event === null) return;
      yield event;
    }
  } finally {
    await active.leave();
  }
}
