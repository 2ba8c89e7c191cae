import type { Stripe } from "stripe";
import type { PaidPlan, StripePrices } from "./prices.ts";

/** What a customer pays for now. */
export interface CurrentSubscription {
  readonly id: string;
  /** What a change of plan would replace. Null: Stripe's portal cannot change it in one step. */
  readonly changeable: { readonly itemId: string; readonly plan: PaidPlan; readonly seats: number } | null;
}

const live = new Set<string>(["active", "trialing", "past_due", "unpaid", "paused"]);

/** Null: nothing that is about a plan and has not ended. Read from Stripe, because our table may be a moment behind. */
export async function currentSubscription(
  stripe: Stripe,
  prices: StripePrices,
  customerId: string,
): Promise<CurrentSubscription | null> {
  for await (const subscription of stripe.subscriptions.list({ customer: customerId, limit: 100 })) {
    if (!live.has(subscription.status)) continue;
    const isAboutPlan = subscription.items.data.some(({ price }) => prices.has(price.id));
    if (isAboutPlan) return { id: subscription.id, changeable: changeableOf(subscription, prices) };
  }
  return null;
}

/** The portal changes what is paid for, goes on, is not going to change anyway, and is one thing. */
function changeableOf(
  subscription: Stripe.Subscription,
  prices: StripePrices,
): CurrentSubscription["changeable"] {
  const { status, cancel_at, cancel_at_period_end, schedule, items } = subscription;
  const goesOn = !cancel_at_period_end && cancel_at === null && schedule === null;
  const [item, ...others] = items.data;
  const plan = item === undefined ? undefined : prices.get(item.price.id);
  if ((status !== "active" && status !== "trialing") || !goesOn) return null;
  if (item === undefined || plan === undefined || others.length > 0) return null;
  return { itemId: item.id, plan, seats: item.quantity ?? 1 };
}
