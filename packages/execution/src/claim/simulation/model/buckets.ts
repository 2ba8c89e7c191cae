import type { Bucket } from "@gantry/billing";
import type { ClaimRequest, RateCounter } from "../../port.ts";
import { tickMs } from "../clock.ts";
import { type BucketState, tenths } from "../state.ts";

export interface Buckets {
  available(payerId: string, rate: Bucket & { readonly counter: RateCounter }): number;
  /** Takes so many of the available tokens. */
  take(request: ClaimRequest, tokens: number): void;
  giveBack(request: ClaimRequest): void;
  state(): Readonly<Record<string, BucketState>>;
}

export function createBuckets(now: () => number): Buckets {
  /** As it was at its last use. */
  const buckets = new Map<string, { tokens: number; at: number }>();

  function available(payerId: string, rate: Bucket & { readonly counter: RateCounter }): number {
    const bucket = buckets.get(`${payerId}/${rate.counter}`);
    if (bucket === undefined) return rate.capacity;
    const perTick = (rate.perMinute * tickMs) / 60_000;
    return Math.min(rate.capacity, tenths(bucket.tokens + (now() - bucket.at) * perTick));
  }

  return {
    available,
    take({ payerId, rate }, tokens) {
      if (rate === null) return;
      const left = available(payerId, rate) - tokens;
      buckets.set(`${payerId}/${rate.counter}`, { tokens: left, at: now() });
    },
    giveBack({ payerId, rate }) {
      const bucket = rate === null ? undefined : buckets.get(`${payerId}/${rate.counter}`);
      if (bucket !== undefined) bucket.tokens += 1;
    },
    state: () =>
      Object.fromEntries(
        [...buckets].map(([key, { tokens, at }]) => [key, { tokens, agoTicks: now() - at }]),
      ),
  };
}
