import type { Stripe } from "stripe";
import type { PaidPlan, StripePrices } from "./prices.ts";

/** A subscription as Stripe has it and as our table keeps it. Instants in Unix milliseconds. */
export interface StripeSubscription {
  readonly id: string;
  readonly plan: PaidPlan;
  /** Stripe's, but for `trialing`, which counts as `active`. Only `active` and `past_due` count. */
  readonly status: string;
  readonly seats: number;
  readonly periodStartAt: number;
  readonly periodEndAt: number;
  readonly cancelsAtPeriodEnd: boolean;
  readonly createdAt: number;
}

/** Null: none of its prices means a plan, so that it is about something else that is sold through the same account. */
export function stripeSubscriptionOf(
  subscription: Stripe.Subscription,
  prices: StripePrices,
): StripeSubscription | null {
  for (const item of subscription.items.data) {
    const plan = prices.get(item.price.id);
    if (plan === undefined) continue;
    return {
      id: subscription.id,
      plan,
      status: subscription.status === "trialing" ? "active" : subscription.status,
      seats: Math.max(1, item.quantity ?? 1),
      // Items have periods of their own since 2025.
      periodStartAt: item.current_period_start * 1_000,
      periodEndAt: item.current_period_end * 1_000,
      cancelsAtPeriodEnd: endsWith(subscription, item.current_period_end),
      createdAt: subscription.created * 1_000,
    };
  }
  return null;
}

/** The portal sets the flag or, with flexible billing, the instant. */
function endsWith({ cancel_at_period_end, cancel_at }: Stripe.Subscription, periodEnd: number): boolean {
  return cancel_at_period_end || (cancel_at !== null && cancel_at <= periodEnd);
}
