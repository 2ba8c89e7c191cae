import { ActiveRun } from "./active-run.ts";
import { runChild } from "./child-run.ts";
import type { RunPlan } from "./engine.ts";
import type { EngineEvent } from "./events.ts";
import { type RunScope, RunTotals } from "./run-scope.ts";
import { RunSecrets } from "./run-secrets.ts";

/** See `RunPlan`. */
export const runPlan: RunPlan = (run, resources) => {
  const scope: RunScope = {
    secrets: new RunSecrets(resources),
    totals: new RunTotals(),
    depth: 0,
    charged: { blockId: "", key: "" },
    runChild: (call) => runChild(call, scope, resources),
  };
  const active = new ActiveRun(run, resources, scope);
  const events = active.events();
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
