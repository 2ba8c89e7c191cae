export { type FakeStripe, startFakeStripe } from "./fake-stripe.ts";
export { type Delivery, signed, stripeEvent } from "./stripe-event.ts";
export * from "./stripe-objects.ts";
