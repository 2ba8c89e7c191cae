import { deepEqual, ok } from "node:assert/strict";
import { tickMs } from "./clock.ts";
import { tenths } from "./state.ts";

/** The same to the micro-dollar and the slot; tokens and times as near as a clock that goes on allows. Throws if not. */
export function sameAnswer(actual: unknown, predicted: unknown): void {
  deepEqual(withoutClock(actual), withoutClock(predicted));
  const [is, should] = [endOf(actual), endOf(predicted)];
  const isNear = is === should || (is !== null && should !== null && Math.abs(is - should) < tickMs / 10);
  ok(isNear, `the first run is expected to end in ${is} ms, not in ${should}`);
}

function withoutClock(answer: unknown): unknown {
  if (typeof answer !== "object" || answer === null || !("earliestEndMs" in answer)) return answer;
  const { earliestEndMs: _, ...rest } = answer;
  return "tokens" in rest && typeof rest.tokens === "number"
    ? { ...rest, tokens: tenths(rest.tokens) }
    : rest;
}

function endOf(answer: unknown): number | null {
  if (typeof answer !== "object" || answer === null || !("earliestEndMs" in answer)) return null;
  return typeof answer.earliestEndMs === "number" ? answer.earliestEndMs : null;
}
