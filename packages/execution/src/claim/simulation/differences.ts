import type { Told } from "./side-by-side.ts";
import type { State } from "./state.ts";
import type { RunEnd } from "./stores/read-records.ts";

/** Where the store, once everything has come to rest and was reaped, is not what the workers were told. */
export function differencesFrom(
  told: readonly Told[],
  state: State,
  ends: ReadonlyMap<string, RunEnd>,
  capacity: number,
): string[] {
  const found: string[] = [];
  for (const one of told) {
    for (const { runId } of one.admitted) {
      const crashed: RunEnd = { status: "lost", costMicros: one.spent.get(runId) ?? 0 };
      const expected = one.released.has(runId)
        ? "nowhere"
        : (endOf(one.ended.get(runId)) ?? (one.crashed.has(runId) ? endOf(crashed) : "in progress"));
      const actual =
        [runId in state.slots ? "in progress" : undefined, endOf(ends.get(runId))]
          .filter((place) => place !== undefined)
          .join(" and ") || "nowhere";
      if (actual !== expected) found.push(`${runId} is ${actual}, not ${expected}`);
    }
  }
  for (const [bucket, { tokens }] of Object.entries(state.tokens)) {
    const taken = told.reduce((sum, one) => sum + (one.tokensTaken.get(bucket) ?? 0), 0);
    if (tokens !== capacity - taken)
      found.push(`${bucket} has ${tokens} tokens after ${taken} of ${capacity}`);
  }
  return found;
}

function endOf(end: RunEnd | undefined): string | undefined {
  return end === undefined ? undefined : `${end.status} for ${end.costMicros}`;
}
