import type { LiveRun } from "./live-run.ts";

/** The runs that this process is running. */
export interface LiveRuns {
  get(runId: string): LiveRun | null;
  add(run: LiveRun): void;
  remove(runId: string): void;
  all(): readonly LiveRun[];
  readonly size: number;
}

export function createLiveRuns(): LiveRuns {
  const runs = new Map<string, LiveRun>();
  return {
    get: (runId) => runs.get(runId) ?? null,
    add: (run) => void runs.set(run.runId, run),
    remove: (runId) => void runs.delete(runId),
    all: () => [...runs.values()],
    get size() {
      return runs.size;
    },
  };
}
