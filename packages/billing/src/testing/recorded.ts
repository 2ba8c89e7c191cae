import type { Stripe } from "stripe";
import charge from "./recordings/charge.json" with { type: "json" };
import checkoutSession from "./recordings/checkout-session.json" with { type: "json" };
import customer from "./recordings/customer.json" with { type: "json" };
import dispute from "./recordings/dispute.json" with { type: "json" };
import event from "./recordings/event.json" with { type: "json" };
import invoice from "./recordings/invoice.json" with { type: "json" };
import portalSession from "./recordings/portal-session.json" with { type: "json" };
import subscription from "./recordings/subscription.json" with { type: "json" };

/** What the SDK's API version always sends of an object: a recording that lacks a field does not compile. */
type Complete<T> = { readonly [K in keyof T as undefined extends T[K] ? never : K]: unknown };

interface CompleteObjects {
  readonly charge: Complete<Stripe.Charge>;
  readonly checkoutSession: Complete<Stripe.Checkout.Session>;
  readonly customer: Complete<Stripe.Customer>;
  readonly dispute: Complete<Stripe.Dispute>;
  readonly event: Complete<Stripe.Event>;
  readonly invoice: Complete<Stripe.Invoice>;
  readonly portalSession: Complete<Stripe.BillingPortal.Session>;
  readonly subscription: Complete<Stripe.Subscription>;
}

/** Objects as Stripe sends them. */
export const recorded = {
  charge,
  checkoutSession,
  customer,
  dispute,
  event,
  invoice,
  portalSession,
  subscription,
} satisfies CompleteObjects;
