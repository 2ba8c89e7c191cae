import { type BillingConfig, limitsOf } from "@gantry/billing";
import type { ClaimAnswer, ClaimRequest, ClaimStore } from "../claim/port.ts";
import { tokensIn } from "../claim/token-bucket.ts";
import type { Facts } from "./facts.ts";
import type { Profile } from "./profile.ts";

/** What the rate gate saw, or would have seen, for the RateLimit headers. */
export interface RateNumbers {
  readonly counter: "sync" | "async";
  readonly remaining: number;
  readonly capacity: number;
  readonly perMinute: number;
}

export function rateNumbers(claim: ClaimRequest, answer: ClaimAnswer): RateNumbers | null {
  if (claim.rate === null || answer.tokens === null) return null;
  const taken = answer.result === "claimed" ? 1 : 0;
  return { ...claim.rate, remaining: Math.max(0, Math.floor(answer.tokens) - taken) };
}

/** The bucket as it is, for a caller who is known and whose run never gets as far as the claim. */
export async function rateBeforeClaim(
  { billing, claims }: { readonly billing: BillingConfig; readonly claims: ClaimStore },
  { rateCounter }: Profile,
  { actor, payer }: Facts,
): Promise<RateNumbers | null> {
  if (rateCounter === null || actor === null || payer === null) return null;
  const bucket = limitsOf(billing, payer.standing.subscription, payer.overrides)[rateCounter];
  if (bucket === null) return null;
  const tokens = claims.bucketsInFacts
    ? tokensIn(payer.buckets, rateCounter, bucket)
    : (
        await claims.inUse(
          { payerId: payer.id, userId: actor.userId },
          { sync: null, async: null, [rateCounter]: bucket },
        )
      ).tokens[rateCounter];
  if (tokens === null) return null;
  return { ...bucket, counter: rateCounter, remaining: Math.max(0, Math.floor(tokens)) };
}
