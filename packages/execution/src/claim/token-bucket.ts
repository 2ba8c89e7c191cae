import type { Bucket } from "@gantry/billing";
import type { RateCounter } from "./port.ts";

/**
 * The tokens of one bucket now, from `<counter>|<tokens>|<seconds since that was true>` joined by commas. Null when no
 * bucket was asked about; one that was never used is full.
 */
export function tokensIn(text: string, counter: RateCounter, bucket: Bucket | null): number | null {
  if (bucket === null) return null;
  for (const item of text === "" ? [] : text.split(",")) {
    const [name, tokens, ageS] = item.split("|");
    if (name === counter) return refilled(bucket, Number(tokens), Number(ageS));
  }
  return bucket.capacity;
}

/** `tokens` as they were `ageS` seconds ago. */
export function refilled({ capacity, perMinute }: Bucket, tokens: number, ageS: number): number {
  return Math.min(capacity, tokens + (Math.max(0, ageS) * perMinute) / 60);
}
