import type { ClaimRequest } from "../../port.ts";
import type { RowState, SlotState } from "../state.ts";

export interface ModelSlot {
  readonly request: ClaimRequest;
  holdMicros: number;
  /** Of what its run was charged, what has left the hold. */
  movedMicros: number;
  /** In ticks. */
  leaseEnd: number;
  readonly expectedEnd: number;
  /** Somebody has begun to reap it: it has no holder and no epoch any more. */
  isSeized: boolean;
  /** Its run has ended, and who ended it died before it could say so. With what the run was charged. */
  ended: { readonly costMicros: number } | null;
  /** Null: not written yet, or gone with the end of the run. */
  row: ModelRow | null;
}

export interface ModelRow {
  holdMicros: number;
  spentMicros: number;
  cancelRequested: boolean;
}

export function isLive(slot: ModelSlot, now: number): boolean {
  return !slot.isSeized && slot.leaseEnd > now;
}

export function isUnder(slot: ModelSlot, epoch: number): boolean {
  return !slot.isSeized && slot.request.epoch === epoch;
}

/** Whoever reaps it writes the row of a run that is being reaped. */
export function record(slot: ModelSlot): void {
  if (slot.isSeized || slot.ended !== null) return;
  slot.row ??= { holdMicros: slot.request.holdMicros, spentMicros: 0, cancelRequested: false };
}

export function chargedTo(slot: ModelSlot): number {
  return slot.ended?.costMicros ?? slot.row?.spentMicros ?? 0;
}

/** What a run that is charged no more than it holds can still be charged. */
export function restOf(slot: ModelSlot): number {
  return slot.holdMicros - Math.min(slot.holdMicros, chargedTo(slot) - slot.movedMicros);
}

export function slotState(slot: ModelSlot, now: number): SlotState {
  const { payerId, userId, periodStart, holder, epoch } = slot.request;
  return {
    payerId,
    userId,
    periodStart,
    holder: slot.isSeized ? null : holder,
    epoch: slot.isSeized ? null : epoch,
    holdMicros: slot.holdMicros,
    unmovedMicros: chargedTo(slot) - slot.movedMicros,
    live: isLive(slot, now),
    ended: slot.ended !== null,
  };
}

export function rowState({ request, leaseEnd }: ModelSlot, row: ModelRow, now: number): RowState {
  const { payerId, userId, periodStart, holder, epoch } = request;
  return { payerId, userId, periodStart, holder, epoch, live: leaseEnd > now, ...row };
}
