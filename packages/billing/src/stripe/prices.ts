import type { PlanName } from "../plans.ts";

export type PaidPlan = Exclude<PlanName, "free">;

/**
 * Which Stripe price means which plan, in the operator's order. The first price of a plan is the one that is sold; the
 * others, such as last year's, are still recognised.
 */
export type StripePrices = ReadonlyMap<string, PaidPlan>;

/** Null: this plan is not sold. */
export function priceOf(prices: StripePrices, plan: PaidPlan): string | null {
  for (const [price, meant] of prices) if (meant === plan) return price;
  return null;
}
