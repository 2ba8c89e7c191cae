import { memberKey, periodKey, type SlotState, type State } from "./state.ts";

/** Limits that have held for as long as the state they are held against. Null: none. */
export interface StandingLimits {
  readonly concurrentRunsMax: number | null;
  readonly limitMicros: number | null;
  /** By user. */
  readonly memberLimitMicros: ReadonlyMap<string, number>;
}

/** What must be true in every snapshot, whatever runs side by side. Returns what is not, in words. */
export function violations(state: State): string[] {
  const found = [...state.faults];
  if (state.rowsOfRuns !== state.runs) {
    found.push(`${state.rowsOfRuns} rows for ${state.runs} runs`);
  }
  found.push(...differences("counter", state.settled, state.ledger));
  found.push(...differences("member counter", state.memberSettled, state.memberLedger));
  found.push(...state.astray.map((runId) => `${runId} did not cost what its ledger entries say`));
  for (const [runId, slot] of Object.entries(state.slots)) {
    if (slot.holdMicros < 0) found.push(`${runId} holds ${slot.holdMicros}`);
  }
  for (const [bucket, { tokens }] of Object.entries(state.tokens)) {
    if (tokens < 0) found.push(`bucket ${bucket}: ${tokens} tokens`);
  }
  return found;
}

/** The same for limits that stood all the time. Holds where no run is charged more than it holds. */
export function limitsPassed(state: State, limits: ReadonlyMap<string, StandingLimits>): string[] {
  const found: string[] = [];
  const atMost = (what: string, value: number, max: number | null | undefined): void => {
    if (max !== null && max !== undefined && value > max) found.push(`${what}: ${value}, more than ${max}`);
  };
  const slots = Object.values(state.slots);
  for (const [payerId, standing] of limits) {
    const own = slots.filter((slot) => slot.payerId === payerId);
    atMost(`slots of ${payerId}`, own.length, standing.concurrentRunsMax);
  }
  for (const [key, micros] of Object.entries(usage(state.heard, slots, periodKey))) {
    atMost(`settled and held of ${key}`, micros, limits.get(payerOf(key))?.limitMicros);
  }
  for (const [key, micros] of Object.entries(usage(state.memberHeard, slots, memberKey))) {
    const cap = limits.get(payerOf(key))?.memberLimitMicros.get(key.split("/")[1] ?? "");
    atMost(`settled and held of ${key}`, micros, cap);
  }
  return found;
}

/** What is only true while nobody is in the middle of something. */
export function unrest(state: State): string[] {
  const found: string[] = [];
  for (const [runId, row] of Object.entries(state.rows)) {
    const slot = state.slots[runId];
    if (slot === undefined) found.push(`${runId} has a row and no slot`);
    else if (slot.payerId !== row.payerId) found.push(`${runId} has a row and a slot of two payers`);
    else if (slot.ended) found.push(`${runId} runs and has ended`);
  }
  // Counted twice for a moment, and never not at all.
  const unmoved = usage({}, Object.values(state.slots), periodKey, (slot) => slot.holdMicros - restOf(slot));
  for (const [key, micros] of Object.entries(state.settled)) {
    const uncounted = micros - (state.heard[key] ?? 0) - (unmoved[key] ?? 0);
    if (uncounted > 0)
      found.push(`${uncounted} of ${key} are neither settled nor held for who judges claims`);
  }
  return found;
}

/** What only grows, whatever is done in whichever order. */
export function fallen(before: State, after: State): string[] {
  const found: string[] = [];
  for (const name of ["settled", "memberSettled", "heard", "memberHeard"] as const) {
    for (const [key, micros] of Object.entries(before[name])) {
      const now = after[name][key] ?? 0;
      if (now < micros) found.push(`${name} ${key} fell from ${micros} to ${now}`);
    }
  }
  return found;
}

/**
 * What is settled and held, by the owner and period of each: a run is held in the period it will be charged to. What a
 * run was charged is not counted again in its hold.
 */
export function usage(
  settled: Readonly<Record<string, number>>,
  slots: readonly SlotState[],
  keyOf: (slot: SlotState) => string,
  microsOf: (slot: SlotState) => number = restOf,
): Record<string, number> {
  const totals = { ...settled };
  for (const slot of slots) {
    const key = keyOf(slot);
    totals[key] = (totals[key] ?? 0) + microsOf(slot);
  }
  return totals;
}

function restOf({ holdMicros, unmovedMicros }: SlotState): number {
  return holdMicros - Math.min(holdMicros, Math.max(0, unmovedMicros));
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
