import type { RenewedLease } from "../../port.ts";
import type { Parts } from "./parts.ts";
import { type ModelSlot, record } from "./slot.ts";

/** What holders are told of their runs. */
export function createLeases(parts: Parts) {
  const { slots } = parts;

  function heldBy(holder: string, runIds: readonly string[]): ModelSlot[] {
    return runIds.flatMap((runId) => {
      const slot = slots.get(runId);
      return slot !== undefined && slot.request.holder === holder && !slot.isSeized ? [slot] : [];
    });
  }

  return {
    persist(holder: string, runIds: readonly string[]): readonly string[] {
      for (const slot of slots.values()) if (runIds.includes(slot.request.runId)) record(slot);
      return heldBy(holder, runIds).flatMap((slot) => (slot.row === null ? [] : slot.request.runId));
    },
    renew(holder: string, runIds: readonly string[], leaseTicks: number): readonly RenewedLease[] {
      return heldBy(holder, runIds).flatMap((slot) => {
        // A lease that ran out and was not reaped yet lives again.
        slot.leaseEnd = parts.now + leaseTicks;
        record(slot);
        if (slot.row === null) return [];
        slot.row.holdMicros = slot.holdMicros;
        return { runId: slot.request.runId, cancelRequested: slot.row.cancelRequested };
      });
    },
    requestCancel(runId: string): boolean {
      const slot = slots.get(runId);
      if (slot !== undefined) record(slot);
      if (!slot?.row) return false;
      slot.row.cancelRequested = true;
      return true;
    },
  };
}
