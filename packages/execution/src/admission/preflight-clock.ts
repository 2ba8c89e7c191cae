import type { PreflightTimings } from "./decision.ts";

type TimedPart = "factsMs" | "gatesMs" | "claimMs" | "definitionMs";

/** Measures the parts of one preflight. A part that was not reached stays null. */
export function startPreflightClock(monotonic: () => number) {
  const startedAt = monotonic();
  const parts: Record<TimedPart, number | null> = {
    factsMs: null,
    gatesMs: null,
    claimMs: null,
    definitionMs: null,
  };
  let definition: PreflightTimings["definition"] = null;
  return {
    async time<T>(part: TimedPart, work: () => Promise<T>): Promise<T> {
      const from = monotonic();
      const result = await work();
      parts[part] = monotonic() - from;
      return result;
    },
    timeSync<T>(part: TimedPart, work: () => T): T {
      const from = monotonic();
      const result = work();
      parts[part] = monotonic() - from;
      return result;
    },
    definition(source: PreflightTimings["definition"]) {
      definition = source;
    },
    timings: (): PreflightTimings => ({ ...parts, definition, totalMs: monotonic() - startedAt }),
  };
}
