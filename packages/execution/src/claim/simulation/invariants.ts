import type { SlotState, State } from "./state.ts";

/** Limits that have held for as long as the state they are held against. Null: none. */
export interface StandingLimits {
  readonly concurrentRunsMax: number | null;
  readonly limitMicros: number | null;
  /** By user. */
  readonly memberLimitMicros: ReadonlyMap<string, number>;
}

/**
 * What must be true in every snapshot, whatever runs side by side. Returns what is not, in words.
 *
 * That settled and held stay below the limit follows only where no run is charged more than its hold.
 */
export function violations(state: State, limits: ReadonlyMap<string, StandingLimits>): string[] {
  const found: string[] = [];
  const atMost = (what: string, value: number, max: number | null | undefined): void => {
    if (max !== null && max !== undefined && value > max) found.push(`${what}: ${value}, more than ${max}`);
  };
  if (state.rowsOfRuns !== state.runs) {
    found.push(`${state.rowsOfRuns} rows for ${state.runs} runs`);
  }
  found.push(...differences("counter", state.settled, state.ledger));
  found.push(...differences("member counter", state.memberSettled, state.memberLedger));
  const slots = Object.values(state.slots);
  for (const [payerId, standing] of limits) {
    const own = slots.filter((slot) => slot.payerId === payerId);
    atMost(`slots of ${payerId}`, own.length, standing.concurrentRunsMax);
  }
  for (const [period, micros] of Object.entries(usage(state.settled, slots, (slot) => slot.payerId))) {
    atMost(`settled and held of ${period}`, micros, limits.get(payerOf(period))?.limitMicros);
  }
  const byMember = usage(state.memberSettled, slots, (slot) => `${slot.payerId}/${slot.userId}`);
  for (const [period, micros] of Object.entries(byMember)) {
    const cap = limits.get(payerOf(period))?.memberLimitMicros.get(period.split("/")[1] ?? "");
    atMost(`settled and held of ${period}`, micros, cap);
  }
  for (const [bucket, tokens] of Object.entries(state.tokens)) {
    // Rounded to a thousandth.
    if (tokens < -0.001) found.push(`bucket ${bucket}: ${tokens} tokens`);
  }
  return found;
}

/** What is settled and held, by the owner and period of each: a run is held in the period it will be charged to. */
function usage(
  settled: Readonly<Record<string, number>>,
  slots: readonly SlotState[],
  ownerOf: (slot: SlotState) => string,
): Record<string, number> {
  const totals = { ...settled };
  for (const slot of slots) {
    const key = `${ownerOf(slot)}/${slot.periodStart}`;
    totals[key] = (totals[key] ?? 0) + slot.holdMicros;
  }
  return totals;
}

function differences(
  what: string,
  counters: Readonly<Record<string, number>>,
  ledger: Readonly<Record<string, number>>,
): string[] {
  return [...new Set([...Object.keys(counters), ...Object.keys(ledger)])]
    .filter((key) => counters[key] !== ledger[key])
    .map((key) => `${what} ${key} says ${counters[key]}, its ledger ${ledger[key]}`);
}

function payerOf(key: string): string {
  return key.split("/")[0] ?? "";
}
