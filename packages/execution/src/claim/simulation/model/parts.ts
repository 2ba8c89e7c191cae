import type { FinalStatus } from "../../../runs/stream-event.ts";
import { type Buckets, createBuckets } from "./buckets.ts";
import { createMoney, type Money } from "./money.ts";
import type { ModelSlot } from "./slot.ts";

export interface ModelEnd {
  readonly status: FinalStatus;
  readonly costMicros: number;
}

/** What the model remembers. */
export interface Parts {
  readonly hasTwoParts: boolean;
  /** In ticks. */
  now: number;
  /** As whoever judges claims counts them, by run. */
  readonly slots: Map<string, ModelSlot>;
  /** Runs that have ended, by id. */
  readonly ends: Map<string, ModelEnd>;
  /** Whose a run is or was. */
  readonly owners: Map<string, string>;
  readonly money: Money;
  readonly buckets: Buckets;
}

export function createParts(hasTwoParts: boolean): Parts {
  const parts: Parts = {
    hasTwoParts,
    now: 0,
    slots: new Map(),
    ends: new Map(),
    owners: new Map(),
    money: createMoney(),
    buckets: createBuckets(() => parts.now),
  };
  return parts;
}
