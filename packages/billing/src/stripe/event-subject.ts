import type { Stripe } from "stripe";

/** Whose state an event says has changed. */
export interface EventSubject {
  readonly customerId: string;
  /** The dispute that the event is about. */
  readonly disputeId: string | null;
}

/**
 * Nothing but ids is taken from an event: what it carries was true when it happened, in the API version of the endpoint.
 * Null: it is of a kind that changes nothing here, or about nobody.
 */
export async function subjectOf(stripe: Stripe, event: Stripe.Event): Promise<EventSubject | null> {
  if (event.type === "charge.dispute.created" || event.type === "charge.dispute.closed") {
    const { id: disputeId, charge } = event.data.object;
    const { customer } = await stripe.charges.retrieve(idOf(charge));
    return customer === null ? null : { customerId: idOf(customer), disputeId };
  }
  if (
    event.type === "checkout.session.completed" ||
    event.type === "customer.subscription.created" ||
    event.type === "customer.subscription.updated" ||
    event.type === "customer.subscription.paused" ||
    event.type === "customer.subscription.resumed" ||
    event.type === "customer.subscription.deleted" ||
    event.type === "invoice.paid" ||
    event.type === "invoice.payment_failed"
  ) {
    const { customer } = event.data.object;
    return customer === null ? null : { customerId: idOf(customer), disputeId: null };
  }
  return null;
}

/** Stripe names another object by its id, or encloses it. */
function idOf(reference: string | { readonly id: string }): string {
  return typeof reference === "string" ? reference : reference.id;
}
