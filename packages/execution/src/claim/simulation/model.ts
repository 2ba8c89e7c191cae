import type { FinalStatus } from "../../runs/stream-event.ts";
import type { ClaimAnswer, ClaimRequest, ClaimResult, RenewedLease } from "../port.ts";
import type { RunEnd, State } from "./state.ts";

/** What the claim store and the settlement are meant to do, in the plainest words: one thing at a time, no clock. */
export interface Model {
  readonly slots: ReadonlyMap<string, ModelSlot>;
  /** Runs that have ended, by id. */
  readonly ends: ReadonlyMap<string, RunEnd>;
  /** What `claim` and `inspect` answer now. */
  judge(request: ClaimRequest): ClaimAnswer;
  take(request: ClaimRequest): void;
  /** Null: this call ends nothing, and the run has not ended before either. */
  settle(runId: string, epoch: number, status: FinalStatus, costMicros: number): RunEnd | null;
  abandon(runId: string, holder: string): boolean;
  persist(holder: string, runIds: readonly string[]): readonly string[];
  renew(holder: string, runIds: readonly string[]): readonly RenewedLease[];
  requestCancel(runId: string): boolean;
  /** The clock passes the end of this lease. */
  expire(runId: string): void;
  /** The clock passes as much time as these tokens need to come back. */
  refill(payerId: string, tokens: number): void;
  reap(): readonly string[];
  state(): State;
}

export interface ModelSlot {
  readonly request: ClaimRequest;
  live: boolean;
  cancelRequested: boolean;
}

export function createModel(): Model {
  const slots = new Map<string, ModelSlot>();
  const ends = new Map<string, RunEnd>();
  const tokens = new Map<string, number>();
  const settled = new Map<string, number>();
  const memberSettled = new Map<string, number>();

  function judge(request: ClaimRequest): ClaimAnswer {
    const own = [...slots.values()].filter((slot) => slot.request.payerId === request.payerId);
    const ofMember = own.filter((slot) => slot.request.userId === request.userId);
    const bucket = bucketOf(request);
    const available =
      request.rate === null || bucket === null
        ? null
        : Math.min(request.rate.capacity, tokens.get(bucket) ?? request.rate.capacity);
    const seen = {
      tokens: available,
      // Also those whose lease has run out: until they are reaped their holder may renew them.
      slotsInUse: own.length,
      earliestEndMs: own.length === 0 ? null : Math.min(...own.map((slot) => slot.request.expectedMs)),
      settledMicros: settled.get(periodKey(request)) ?? 0,
      // Money stays set aside until the run has ended, even when its lease has run out.
      heldMicros: sum(own.map((slot) => slot.request.holdMicros)),
      // An uncapped member costs no usage work.
      memberSettledMicros:
        request.memberLimitMicros === null ? 0 : (memberSettled.get(memberKey(request)) ?? 0),
      memberHeldMicros: sum(ofMember.map((slot) => slot.request.holdMicros)),
    };
    return { result: resultOf(request, seen), ...seen };
  }

  function take(request: ClaimRequest): void {
    const { tokens: available } = judge(request);
    const bucket = bucketOf(request);
    if (available !== null && bucket !== null) tokens.set(bucket, available - 1);
    slots.set(request.runId, { request, live: true, cancelRequested: false });
  }

  function settle(runId: string, epoch: number, status: FinalStatus, costMicros: number): RunEnd | null {
    const slot = slots.get(runId);
    if (slot === undefined || slot.request.epoch !== epoch) return ends.get(runId) ?? null;
    slots.delete(runId);
    if (costMicros > 0) {
      add(settled, periodKey(slot.request), costMicros);
      if (slot.request.countsForMember) add(memberSettled, memberKey(slot.request), costMicros);
    }
    const end = { status, costMicros };
    ends.set(runId, end);
    return end;
  }

  function abandon(runId: string, holder: string): boolean {
    const slot = slots.get(runId);
    if (slot === undefined || slot.request.holder !== holder) return false;
    slots.delete(runId);
    const bucket = bucketOf(slot.request);
    if (bucket !== null) add(tokens, bucket, 1);
    return true;
  }

  function heldBy(holder: string, runIds: readonly string[]): ModelSlot[] {
    return runIds.flatMap((runId) => {
      const slot = slots.get(runId);
      return slot !== undefined && slot.request.holder === holder ? [slot] : [];
    });
  }

  function reap(): readonly string[] {
    const dead = [...slots].filter(([, slot]) => !slot.live).map(([runId]) => runId);
    for (const runId of dead) {
      slots.delete(runId);
      ends.set(runId, { status: "lost", costMicros: 0 });
    }
    return dead;
  }

  function state(): State {
    return {
      slots: Object.fromEntries(
        [...slots].map(([runId, { request, live, cancelRequested }]) => {
          const { payerId, userId, periodStart, holdMicros } = request;
          return [runId, { payerId, userId, periodStart, holdMicros, live, cancelRequested }];
        }),
      ),
      tokens: Object.fromEntries(tokens),
      settled: Object.fromEntries(settled),
      memberSettled: Object.fromEntries(memberSettled),
      // The ledger is the truth, and the counters are its sums.
      ledger: Object.fromEntries(settled),
      memberLedger: Object.fromEntries(memberSettled),
      ended: endedByStatus(ends.values()),
      rowsOfRuns: slots.size + ends.size,
      runs: slots.size + ends.size,
    };
  }

  return {
    slots,
    ends,
    judge,
    take,
    settle,
    abandon,
    persist: (holder, runIds) => heldBy(holder, runIds).map((slot) => slot.request.runId),
    renew: (holder, runIds) =>
      heldBy(holder, runIds).map((slot) => {
        // A lease that ran out and was not reaped yet lives again.
        slot.live = true;
        return { runId: slot.request.runId, cancelRequested: slot.cancelRequested };
      }),
    requestCancel: (runId) => {
      const slot = slots.get(runId);
      if (slot !== undefined) slot.cancelRequested = true;
      return slot !== undefined;
    },
    expire: (runId) => {
      const slot = slots.get(runId);
      if (slot !== undefined) slot.live = false;
    },
    refill: (payerId, refilled) => {
      for (const key of tokens.keys()) if (key.startsWith(`${payerId}/`)) add(tokens, key, refilled);
    },
    reap,
    state,
  };
}

function resultOf(request: ClaimRequest, seen: Omit<ClaimAnswer, "result">): ClaimResult {
  const limit = request.limitMicros ?? Number.POSITIVE_INFINITY;
  const memberLimit = request.memberLimitMicros ?? Number.POSITIVE_INFINITY;
  const { holdMicros } = request;
  if (seen.settledMicros + holdMicros > limit) return "usage";
  if (seen.memberSettledMicros + holdMicros > memberLimit) return "member_usage";
  if (seen.tokens !== null && seen.tokens < 1) return "rate";
  if (seen.slotsInUse >= (request.concurrentRunsMax ?? Number.POSITIVE_INFINITY)) return "concurrency";
  if (seen.settledMicros + seen.heldMicros + holdMicros > limit) return "payer_headroom";
  if (seen.memberSettledMicros + seen.memberHeldMicros + holdMicros > memberLimit) return "member_headroom";
  return "claimed";
}

function endedByStatus(ends: Iterable<RunEnd>): State["ended"] {
  const byStatus: Record<string, { runs: number; costMicros: number }> = {};
  for (const { status, costMicros } of ends) {
    const before = byStatus[status] ?? { runs: 0, costMicros: 0 };
    byStatus[status] = { runs: before.runs + 1, costMicros: before.costMicros + costMicros };
  }
  return byStatus;
}

function bucketOf({ payerId, rate }: ClaimRequest): string | null {
  return rate === null ? null : `${payerId}/${rate.counter}`;
}

function periodKey({ payerId, periodStart }: ClaimRequest): string {
  return `${payerId}/${periodStart}`;
}

function memberKey({ payerId, userId, periodStart }: ClaimRequest): string {
  return `${payerId}/${userId}/${periodStart}`;
}

function add(to: Map<string, number>, key: string, amount: number): void {
  to.set(key, (to.get(key) ?? 0) + amount);
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
