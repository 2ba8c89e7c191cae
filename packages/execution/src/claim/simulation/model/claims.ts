import type { ClaimAnswer, ClaimRequest, TopUpAnswer, TopUpRequest } from "../../port.ts";
import { tickMs } from "../clock.ts";
import type { Death } from "../stores/dying-sql.ts";
import { resultOfClaim, resultOfTopUp } from "./judge.ts";
import type { Parts } from "./parts.ts";
import { isUnder, type ModelSlot, record } from "./slot.ts";

/** What runs are granted. */
export function createClaims(parts: Parts) {
  const { hasTwoParts, slots, ends, owners, money, buckets } = parts;

  function ofPayer(payerId: string): ModelSlot[] {
    return [...slots.values()].filter((slot) => slot.request.payerId === payerId);
  }

  function look(
    request: ClaimRequest | TopUpRequest,
    without: string | null,
  ): Omit<TopUpAnswer, "result" | "settledMicros" | "memberSettledMicros"> {
    // Also those whose lease has run out: until they are reaped their holder may renew them.
    const own = ofPayer(request.payerId);
    const others = own.filter((slot) => slot.request.runId !== without);
    const ends = others.map((slot) => Math.max(0, slot.expectedEnd - parts.now) * tickMs);
    return {
      earliestEndMs: ends.length === 0 ? null : Math.min(...ends),
      heldMicros: held(own),
      memberHeldMicros: held(own.filter((slot) => slot.request.userId === request.userId)),
    };
  }

  function judge(request: ClaimRequest, spends: boolean): ClaimAnswer {
    const { runId, payerId, rate, known, memberLimitMicros } = request;
    const heard = money.heard(request);
    const seen = {
      ...look(request, null),
      tokens: rate === null ? null : buckets.available(payerId, rate),
      slotsInUse: ofPayer(payerId).length,
      settledMicros: Math.max(heard.settledMicros, hasTwoParts ? known.settledMicros : 0),
      // An uncapped member costs no usage work.
      memberSettledMicros:
        memberLimitMicros === null
          ? 0
          : Math.max(heard.memberSettledMicros, hasTwoParts ? known.memberSettledMicros : 0),
    };
    const own = slots.get(runId);
    if (own?.request.payerId === payerId) {
      return { result: own.isSeized ? "conflict" : "claimed", ...seen };
    }
    const result = resultOfClaim(request, seen);
    const isTaken = own !== undefined || ends.has(runId);
    return { result: result === "claimed" && spends && isTaken ? "conflict" : result, ...seen };
  }

  function claim(request: ClaimRequest, death: Death | null): ClaimAnswer {
    const { runId, payerId } = request;
    const answer = judge(request, true);
    if (answer.result === "conflict" && hasTwoParts && owners.get(runId) !== payerId) {
      // Taken and given back: whose it is cannot be told in the same step.
      buckets.take(request, 0);
      money.hear(request, answer);
    }
    if (answer.result !== "claimed" || slots.has(runId)) return answer;
    const slot: ModelSlot = {
      request,
      holdMicros: request.holdMicros,
      movedMicros: 0,
      leaseEnd: parts.now + request.leaseMs / tickMs,
      expectedEnd: parts.now + request.expectedMs / tickMs,
      isSeized: false,
      ended: null,
      row: null,
    };
    if (!(hasTwoParts && death === "before")) record(slot);
    slots.set(runId, slot);
    owners.set(runId, payerId);
    buckets.take(request, 1);
    money.hear(request, answer);
    return answer;
  }

  function topUp(request: TopUpRequest): TopUpAnswer {
    const heard = money.heard(request);
    const seen = {
      ...look(request, request.runId),
      settledMicros: heard.settledMicros,
      memberSettledMicros: request.memberLimitMicros === null ? 0 : heard.memberSettledMicros,
    };
    const slot = slots.get(request.runId);
    const own = slot !== undefined && isUnder(slot, request.epoch) ? slot : null;
    const result = resultOfTopUp(request, own?.holdMicros ?? null, seen);
    if (result === "held" && own !== null) {
      own.holdMicros += request.addMicros;
      if (!hasTwoParts && own.row !== null) own.row.holdMicros = own.holdMicros;
    }
    return { result, ...seen };
  }

  return {
    inspect: (request: ClaimRequest) => judge(request, false),
    claim,
    topUp,
    release(runId: string, holder: string): boolean {
      const slot = slots.get(runId);
      if (slot === undefined || slot.isSeized || slot.request.holder !== holder) return false;
      slots.delete(runId);
      buckets.giveBack(slot.request);
      return true;
    },
  };
}

function held(slots: readonly ModelSlot[]): number {
  return slots.reduce((total, slot) => total + slot.holdMicros, 0);
}
