export type { CheckoutResult } from "./create-checkout.ts";
export type { PortalResult } from "./create-portal.ts";
export type { WebhookResult } from "./receive-webhook.ts";
export { createStripeBilling, type StripeBilling, type StripeBillingOptions } from "./stripe-billing.ts";
