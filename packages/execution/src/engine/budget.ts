import type { BlockError, ModelCharge } from "./events.ts";

/**
 * The money that a run may still spend. Before a model is called, the most that the call can cost is set aside; when it
 * has ended, what it did cost is charged and the rest is the run's again.
 */
export interface RunBudget {
  /** Never rejects: a refusal fails the block that asked. `boundMicros` of 0 is always granted. */
  reserve(boundMicros: number): Promise<Reservation>;
}

export type Reservation =
  /** `end` is called once. Null: nothing was billed. */
  | { readonly ok: true; readonly end: (charge: ModelCharge | null) => void }
  | { readonly ok: false; readonly error: BlockError };
