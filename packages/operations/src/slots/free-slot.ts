import { change, type Made } from "../change.ts";
import type { Forbidden, OperationsDeps, Principal } from "../deps.ts";

export interface FreeSlotDeps extends Pick<OperationsDeps, "sql" | "newId"> {
  /** Ends the run as lost and returns its slot and hold. False when it holds no slot any more. */
  readonly freeSlot: (runId: string) => Promise<boolean>;
}

export type FreeSlotResult =
  /** The run is lost; what it was charged so far stays charged. */
  | { readonly kind: "freed" }
  /** It ended by itself before it could be freed. */
  | { readonly kind: "already_ended" }
  /** No run of this id is in progress. */
  | { readonly kind: "no_slot" }
  | Forbidden;

interface SlotState {
  readonly payerId: string;
  readonly holder: string;
  readonly ageMs: number;
  readonly holdMicros: number;
}

/**
 * Takes its slot from a run, whoever holds it. The entry is on disk first, then the slot is freed: the store that keeps
 * slots takes part in no transaction of ours, and of the two that may be left alone by a crash, an entry for a run that
 * went on is the lesser harm. How the run ended is in its own row.
 */
export async function freeSlot(
  deps: FreeSlotDeps,
  principal: Principal,
  runId: string,
): Promise<FreeSlotResult> {
  const recorded = await change(deps, principal, async (tx): Promise<Made<SlotState | null> | NoSlot> => {
    const [slot] = await tx<SlotRow[]>`
      SELECT s.payer_id, w.name AS workflow_name, s.holder, s.hold_micros,
             extract(epoch FROM now() - s.created_at)::float8 * 1000 AS age_ms
        FROM slots s LEFT JOIN workflows w ON w.id = s.workflow_id WHERE s.run_id = ${runId}`;
    if (slot === undefined) return { kind: "no_slot" };
    const before = {
      payerId: slot.payer_id,
      holder: slot.holder,
      ageMs: Math.max(0, Math.round(slot.age_ms)),
      holdMicros: Number(slot.hold_micros),
    };
    const subject = slot.workflow_name ?? "a deleted workflow";
    return { entry: { action: "slot.free", subjectId: runId, subject, before, after: null } };
  });
  if (recorded.kind !== "ok") return recorded;
  return { kind: (await deps.freeSlot(runId)) ? "freed" : "already_ended" };
}

type NoSlot = { readonly kind: "no_slot" };

interface SlotRow {
  payer_id: string;
  workflow_name: string | null;
  holder: string;
  hold_micros: string;
  age_ms: number;
}
