import type postgres from "postgres";
import type { Stripe } from "stripe";
import { currentSubscription } from "./current-subscription.ts";
import { isCovered } from "./given-plan.ts";
import { type NotManaged, type Principal, payerAccess } from "./payer-access.ts";
import { type PaidPlan, priceOf, type StripePrices } from "./prices.ts";
import { isInvalidRequest, type StripeUnavailable, unlessUnavailable } from "./stripe-answers.ts";
import { withCustomer } from "./stripe-customer.ts";

export interface CheckoutRequest {
  readonly workspaceId: string;
  readonly plan: PaidPlan;
  /** Of a team; the other plans have one. */
  readonly seats: number;
}

export type CheckoutResult =
  /** Where the browser goes on. */
  | { readonly kind: "ok"; readonly url: string }
  /** No price means this plan. */
  | { readonly kind: "not_sold" }
  /** The payer has this plan or a higher one already, from an operator or an organization: it would pay for nothing. */
  | { readonly kind: "covered" }
  | NotManaged
  | StripeUnavailable;

export interface CheckoutDeps {
  readonly sql: postgres.Sql;
  readonly stripe: Stripe;
  readonly prices: StripePrices;
  /** Where Stripe sends the browser back to. */
  readonly returnUrl: (workspaceId: string) => string;
}

/**
 * The page at Stripe where the workspace's payer buys this plan or, with a subscription already, confirms the change to
 * it, so that nobody pays for two.
 */
export async function createCheckout(
  deps: CheckoutDeps,
  principal: Principal,
  { workspaceId, plan, seats }: CheckoutRequest,
): Promise<CheckoutResult> {
  const access = await payerAccess(deps.sql, principal, workspaceId);
  if (access.kind !== "allowed") return access;
  const price = priceOf(deps.prices, plan);
  if (price === null) return { kind: "not_sold" };
  if (isCovered(plan, access.payer.givenPlan)) return { kind: "covered" };
  const wanted = { plan, price, quantity: plan === "team" ? seats : 1 };
  return unlessUnavailable(() =>
    withCustomer(deps, access.payer, async (customer) => {
      const target = { customer, returnUrl: deps.returnUrl(workspaceId) };
      await expireOpenCheckouts(deps.stripe, customer);
      const url =
        (await confirmChange(deps, target, wanted)) ?? (await openCheckout(deps.stripe, target, wanted));
      return { kind: "ok", url };
    }),
  );
}

interface Target {
  readonly customer: string;
  readonly returnUrl: string;
}

interface Wanted {
  readonly plan: PaidPlan;
  readonly price: string;
  readonly quantity: number;
}

/** Two that are open in two tabs could both be paid. One that is being paid right now cannot be expired any more. */
async function expireOpenCheckouts(stripe: Stripe, customer: string): Promise<void> {
  for await (const session of stripe.checkout.sessions.list({ customer, status: "open", limit: 100 })) {
    await stripe.checkout.sessions.expire(session.id).catch((error: unknown) => {
      if (!isInvalidRequest(error)) throw error;
    });
  }
}

/** Null: there is nothing to change. Where the portal cannot go straight to the change, it opens at its start. */
async function confirmChange(
  { stripe, prices }: CheckoutDeps,
  { customer, returnUrl }: Target,
  { plan, price, quantity }: Wanted,
): Promise<string | null> {
  const current = await currentSubscription(stripe, prices, customer);
  if (current === null) return null;
  const { id: subscription, changeable } = current;
  const isChange = changeable !== null && (changeable.plan !== plan || changeable.seats !== quantity);
  const session = await stripe.billingPortal.sessions.create({
    customer,
    return_url: returnUrl,
    ...(isChange && {
      flow_data: {
        type: "subscription_update_confirm",
        subscription_update_confirm: { subscription, items: [{ id: changeable.itemId, price, quantity }] },
        after_completion: { type: "redirect", redirect: { return_url: returnUrl } },
      },
    }),
  });
  return session.url;
}

async function openCheckout(
  stripe: Stripe,
  { customer, returnUrl }: Target,
  { price, quantity }: Wanted,
): Promise<string> {
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    customer,
    line_items: [{ price, quantity }],
    success_url: returnUrl,
    cancel_url: returnUrl,
  });
  if (session.url === null) throw new Error("A hosted checkout has an address.");
  return session.url;
}
