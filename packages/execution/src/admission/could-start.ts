import type { Decision } from "./decision.ts";

/** How many runs that need so much fit into the least of what is left. Null: any number. */
export function howMany(left: readonly (number | null)[], neededMicros: number): number | null {
  const limit = least(left);
  if (limit === null || neededMicros === 0) return null;
  return Math.max(0, Math.floor(limit / neededMicros));
}

/** The least of what there is. Null: nothing counts. */
export function least(counts: readonly (number | null)[]): number | null {
  const known = counts.filter((count) => count !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** How many such runs could start now: the least that any gate would let pass. Null: no gate counts them. */
export function couldStart(decision: Decision): number | null {
  if (decision.some(({ verdict }) => verdict === "refuse")) return 0;
  return least(
    decision.map(({ numbers: { couldStart: count } }) => (typeof count === "number" ? count : null)),
  );
}
