import type { ModelCharge } from "../../../engine/events.ts";
import type { ClaimAnswer, ClaimRequest, RenewedLease, TopUpAnswer, TopUpRequest } from "../../port.ts";
import type { Settlement } from "../../settlement.ts";
import type { State } from "../state.ts";
import type { Death } from "../stores/dying-sql.ts";
import type { Buckets } from "./buckets.ts";
import { createClaims } from "./claims.ts";
import { type Charged, createEndings } from "./endings.ts";
import { createLeases } from "./leases.ts";
import type { Money } from "./money.ts";
import { createParts, type ModelEnd } from "./parts.ts";
import { isLive, type ModelSlot } from "./slot.ts";
import { stateOf } from "./state-of.ts";

/**
 * What a claim store and the settlement are meant to do, in the plainest words: one thing at a time, and a clock that is
 * turned by hand. `death`: of the process that asks; null when it lives.
 */
export interface Model {
  readonly slots: ReadonlyMap<string, ModelSlot>;
  /** Runs that have ended, by id. */
  readonly ends: ReadonlyMap<string, ModelEnd>;
  readonly money: Pick<Money, "settled" | "heard" | "isCharged">;
  readonly buckets: Pick<Buckets, "available">;
  isDead(slot: ModelSlot): boolean;
  inspect(request: ClaimRequest): ClaimAnswer;
  claim(request: ClaimRequest, death: Death | null): ClaimAnswer;
  topUp(request: TopUpRequest): TopUpAnswer;
  settleCall(runId: string, epoch: number, charge: ModelCharge, death: Death | null): Charged<void>;
  settle(settlement: Settlement, death: Death | null): Charged<ModelEnd>;
  release(runId: string, holder: string): boolean;
  persist(holder: string, runIds: readonly string[]): readonly string[];
  renew(holder: string, runIds: readonly string[], leaseTicks: number): readonly RenewedLease[];
  requestCancel(runId: string): boolean;
  free(runId: string, death: Death | null): boolean;
  reap(death: Death | null): readonly string[];
  passTicks(ticks: number): void;
  state(): State;
}

export function createModel({ hasTwoParts }: { readonly hasTwoParts: boolean }): Model {
  const parts = createParts(hasTwoParts);
  const { slots, ends, money, buckets } = parts;
  return {
    slots,
    ends,
    money,
    buckets,
    isDead: (slot) => !isLive(slot, parts.now),
    ...createClaims(parts),
    ...createEndings(parts),
    ...createLeases(parts),
    passTicks(ticks) {
      parts.now += ticks;
    },
    state: () => stateOf(parts),
  };
}
