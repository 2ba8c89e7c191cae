import type { Stripe } from "stripe";
import type { StripePrices } from "./prices.ts";
import { isMissingCustomer } from "./stripe-answers.ts";
import { type StripeSubscription, stripeSubscriptionOf } from "./stripe-subscription.ts";

/** What Stripe says about a customer now, as far as it decides about a payer. */
export interface CustomerState {
  /** Every one that is about a plan, ended ones too. */
  readonly subscriptions: readonly StripeSubscription[];
  /** Null: not asked. */
  readonly isDisputed: boolean | null;
}

/** `dispute`: one of the customer's, which is why disputes are looked at; null: they are not. */
export async function readCustomerState(
  stripe: Stripe,
  prices: StripePrices,
  customerId: string,
  dispute: string | null,
): Promise<CustomerState> {
  return {
    subscriptions: await readSubscriptions(stripe, prices, customerId),
    isDisputed: dispute === null ? null : await isDisputed(stripe, customerId, dispute),
  };
}

/** Of a customer that was deleted at Stripe: none. */
async function readSubscriptions(
  stripe: Stripe,
  prices: StripePrices,
  customer: string,
): Promise<StripeSubscription[]> {
  const subscriptions: StripeSubscription[] = [];
  try {
    for await (const subscription of stripe.subscriptions.list({ customer, status: "all", limit: 100 })) {
      const known = stripeSubscriptionOf(subscription, prices);
      if (known !== null) subscriptions.push(known);
    }
  } catch (error) {
    if (!isMissingCustomer(error)) throw error;
  }
  return subscriptions;
}

/**
 * A cardholder often disputes several charges at once, and the end of one dispute says nothing about the others. The
 * given one is read by its id because a mere inquiry does not mark its charge as disputed.
 */
async function isDisputed(stripe: Stripe, customerId: string, dispute: string): Promise<boolean> {
  if (counts(await stripe.disputes.retrieve(dispute))) return true;
  for await (const charge of stripe.charges.list({ customer: customerId, limit: 100 })) {
    if (!charge.disputed) continue;
    for await (const other of stripe.disputes.list({ charge: charge.id, limit: 100 })) {
      if (counts(other)) return true;
    }
  }
  return false;
}

/** A lost one counts too: the money is gone. */
function counts({ status }: Stripe.Dispute): boolean {
  return status !== "won" && status !== "warning_closed" && status !== "prevented";
}
