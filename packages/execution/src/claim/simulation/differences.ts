import type { Told } from "./side-by-side.ts";
import type { RunEnd, State } from "./state.ts";

/** Where the database, once everything has come to rest and was reaped, is not what the workers were told. */
export function differencesFrom(
  told: readonly Told[],
  state: State,
  ends: ReadonlyMap<string, RunEnd>,
  capacity: number,
): string[] {
  const found: string[] = [];
  for (const one of told) {
    for (const { runId } of one.admitted) {
      const inProgress = runId in state.slots;
      const end = ends.get(runId);
      const expected = one.abandoned.has(runId)
        ? "nowhere"
        : (endOf(one.ended.get(runId)) ?? (one.crashed.has(runId) ? "lost for 0" : "in progress"));
      const actual = [inProgress ? "in progress" : undefined, endOf(end)]
        .filter((place) => place !== undefined)
        .join(" and ");
      if ((actual || "nowhere") !== expected)
        found.push(`${runId} is ${actual || "nowhere"}, not ${expected}`);
    }
  }
  for (const [bucket, tokens] of Object.entries(state.tokens)) {
    const taken = told.reduce((sum, one) => sum + (one.tokensTaken.get(bucket) ?? 0), 0);
    if (tokens !== capacity - taken)
      found.push(`${bucket} has ${tokens} tokens after ${taken} of ${capacity}`);
  }
  return found;
}

function endOf(end: RunEnd | undefined): string | undefined {
  return end === undefined ? undefined : `${end.status} for ${end.costMicros}`;
}
