import type { ModelCharge } from "../../../engine/events.ts";
import type { Settlement } from "../../settlement.ts";
import type { Death } from "../stores/dying-sql.ts";
import type { ModelEnd, Parts } from "./parts.ts";
import { chargedTo, isLive, isUnder, type ModelSlot, record } from "./slot.ts";

/** What one call brought about. */
export interface Charged<T> {
  readonly answer: T;
  /** By ledger entries that were not there before. */
  readonly chargedMicros: number;
}

const neverWas: ModelEnd = { status: "lost", costMicros: 0 };

/** What runs are charged, and how they end. */
export function createEndings(parts: Parts) {
  const { hasTwoParts, slots, ends, money } = parts;

  function cutsOff(death: Death | null): boolean {
    return death === "after" && hasTwoParts;
  }

  function settleCall(runId: string, epoch: number, charge: ModelCharge, death: Death | null): Charged<void> {
    const slot = slots.get(runId);
    if (death === "before" || slot === undefined) return { answer: undefined, chargedMicros: 0 };
    const { request } = slot;
    record(slot);
    let chargedMicros = 0;
    if (slot.row !== null && request.epoch === epoch) {
      chargedMicros = money.charge(request, `${runId}:model:${charge.key}`, charge.costMicros);
      slot.row.spentMicros += chargedMicros;
      slot.row.holdMicros = Math.max(0, slot.row.holdMicros - chargedMicros);
    }
    if (!cutsOff(death)) {
      const unmoved = slot.row === null ? 0 : slot.row.spentMicros - slot.movedMicros;
      if (isUnder(slot, epoch)) {
        slot.holdMicros = Math.max(0, slot.holdMicros - unmoved);
        slot.movedMicros += unmoved;
      }
      money.hear(request, money.settled(request));
    }
    return { answer: undefined, chargedMicros };
  }

  function settle(settlement: Settlement, death: Death | null): Charged<ModelEnd> {
    const { runId, epoch, record: end, baseChargeMicros } = settlement;
    const slot = slots.get(runId);
    const unchanged = { answer: ends.get(runId) ?? neverWas, chargedMicros: 0 };
    if (death === "before" || slot === undefined) return unchanged;
    const { request } = slot;
    record(slot);
    let { answer, chargedMicros } = unchanged;
    if (slot.row !== null && request.epoch === epoch) {
      // A run that never reached a block costs nothing.
      if (end.startedAt !== null) {
        chargedMicros += money.charge(request, `${runId}:base`, baseChargeMicros);
        for (const { key, costMicros } of end.charges)
          chargedMicros += money.charge(request, `${runId}:model:${key}`, costMicros);
      }
      answer = { status: end.status, costMicros: slot.row.spentMicros + chargedMicros };
      finish(slot, answer);
    }
    if (!cutsOff(death)) {
      money.hear(request, money.settled(request));
      if (isUnder(slot, epoch)) slots.delete(runId);
    }
    return { answer, chargedMicros };
  }

  function finish(slot: ModelSlot, end: ModelEnd): void {
    ends.set(slot.request.runId, end);
    slot.ended = end;
    slot.row = null;
    if (!hasTwoParts) slots.delete(slot.request.runId);
  }

  function endLost(dead: readonly ModelSlot[], death: Death | null): readonly string[] {
    if (hasTwoParts) for (const slot of dead) slot.isSeized = true;
    if (death === "before") return [];
    const lost = dead.filter((slot) => slot.ended === null);
    for (const slot of lost) finish(slot, { status: "lost", costMicros: chargedTo(slot) });
    if (!cutsOff(death)) {
      for (const { request } of dead) {
        slots.delete(request.runId);
        money.hear(request, money.settled(request));
      }
    }
    return lost.map((slot) => slot.request.runId);
  }

  return {
    settleCall,
    settle,
    free(runId: string, death: Death | null): boolean {
      const slot = slots.get(runId);
      return slot !== undefined && endLost([slot], death).length > 0;
    },
    reap(death: Death | null): readonly string[] {
      const dead = [...slots.values()].filter((slot) => !isLive(slot, parts.now));
      return endLost(dead, death);
    },
  };
}
