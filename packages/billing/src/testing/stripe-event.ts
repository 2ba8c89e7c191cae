import { Stripe } from "stripe";
import { recorded } from "./recorded.ts";

/** A webhook delivery: the bytes of the body and the header that signs them. */
export interface Delivery {
  readonly body: string;
  readonly signature: string;
}

/** The event as Stripe sends it. `id` is what tells it from others. */
export function stripeEvent(id: string, type: string, object: object): string {
  return JSON.stringify({ ...recorded.event, id, type, data: { object } }, null, 2);
}

/** `at`: when it was signed, Unix milliseconds; now when left out. */
export function signed(body: string, secret: string, at: number = Date.now()): Delivery {
  const timestamp = Math.floor(at / 1_000);
  return {
    body,
    signature: Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp }),
  };
}
