import { usage } from "./invariants.ts";
import type { Effect } from "./simulation.ts";
import { memberKey, periodKey, type State } from "./state.ts";

/**
 * Limits may be lowered at any time: they bind whoever asks then, and end nobody. So nothing grows but by a grant, and
 * no grant takes it past the limit that it was judged by. Returns what did, in words.
 */
export function wronglyGrown(
  before: State,
  after: State,
  payerIds: readonly string[],
  { granted, overspent }: Effect,
): string[] {
  const found: string[] = [];
  const check = (what: string, was: number, is: number, limit: number | null): void => {
    if (is > was && (limit === null || is > limit))
      found.push(`${what} grew from ${was} to ${is}, limit ${limit}`);
  };
  const noLimit = Number.POSITIVE_INFINITY;

  for (const payerId of payerIds) {
    const count = ({ slots }: State) =>
      Object.values(slots).filter((slot) => slot.payerId === payerId).length;
    const limit = granted?.payerId === payerId ? (granted.concurrentRunsMax ?? noLimit) : null;
    check(`slots of ${payerId}`, count(before), count(after), limit);
  }

  const beyond = overspent?.micros ?? 0;
  const [was, is] = [before, after].map((state) =>
    usage(state.settled, Object.values(state.slots), periodKey),
  );
  for (const key in is) {
    const extra = overspent !== undefined && periodKey(overspent.by) === key ? beyond : 0;
    const limit =
      granted !== undefined && periodKey(granted) === key ? (granted.limitMicros ?? noLimit) : null;
    check(`settled and held of ${key}`, (was?.[key] ?? 0) + extra, is[key] ?? 0, limit);
  }
  const [wasOfMember, isOfMember] = [before, after].map((state) =>
    usage(state.memberSettled, Object.values(state.slots), memberKey),
  );
  for (const key in isOfMember) {
    const extra = overspent !== undefined && memberKey(overspent.by) === key ? beyond : 0;
    const limit =
      granted !== undefined && memberKey(granted) === key ? (granted.memberLimitMicros ?? noLimit) : null;
    check(`settled and held of ${key}`, (wasOfMember?.[key] ?? 0) + extra, isOfMember[key] ?? 0, limit);
  }
  return found;
}
