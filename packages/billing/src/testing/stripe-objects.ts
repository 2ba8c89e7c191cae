import { recorded } from "./recorded.ts";

// What tests change about the recorded objects; the rest stays as it was recorded. Instants in Unix seconds, as Stripe has them.

export interface SubscriptionFields {
  readonly id: string;
  readonly customer: string;
  readonly price: string;
  readonly quantity: number;
  readonly status: string;
  readonly created: number;
  readonly current_period_start: number;
  readonly current_period_end: number;
  readonly cancel_at_period_end: boolean;
  readonly cancel_at: number | null;
  readonly schedule: string | null;
}

export function subscriptionObject(fields: SubscriptionFields) {
  const { price, quantity, current_period_start, current_period_end, ...top } = fields;
  const [item] = recorded.subscription.items.data;
  const ofItem = { id: `si_${fields.id}`, subscription: fields.id, quantity };
  const period = { current_period_start, current_period_end };
  const priced = { plan: { ...item?.plan, id: price }, price: { ...item?.price, id: price } };
  return {
    ...recorded.subscription,
    ...top,
    items: { ...recorded.subscription.items, data: [{ ...item, ...ofItem, ...period, ...priced }] },
  };
}

export interface ChargeFields {
  readonly id: string;
  readonly customer: string | null;
  readonly disputed: boolean;
}

export function chargeObject(fields: ChargeFields) {
  return { ...recorded.charge, ...fields };
}

export interface DisputeFields {
  readonly id: string;
  readonly charge: string;
  readonly status: string;
}

export function disputeObject(fields: DisputeFields) {
  return { ...recorded.dispute, ...fields };
}

export interface CheckoutFields {
  readonly id: string;
  readonly customer: string;
  readonly status: "open" | "complete" | "expired";
  readonly url: string | null;
}

export function checkoutObject(fields: CheckoutFields) {
  return { ...recorded.checkoutSession, ...fields };
}

export function invoiceObject(fields: { readonly customer: string; readonly status: string }) {
  return { ...recorded.invoice, ...fields };
}
