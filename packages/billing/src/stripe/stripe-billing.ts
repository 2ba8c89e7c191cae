import type postgres from "postgres";
import { Stripe } from "stripe";
import { type CheckoutRequest, type CheckoutResult, createCheckout } from "./create-checkout.ts";
import { createPortal, type PortalResult } from "./create-portal.ts";
import type { Principal } from "./payer-access.ts";
import type { PaidPlan, StripePrices } from "./prices.ts";
import { receiveWebhook, type WebhookResult } from "./receive-webhook.ts";

/** Payers buy their plans at Stripe, and Stripe tells us what they have. */
export interface StripeBilling {
  /** Those that have a price. */
  readonly plansSold: readonly PaidPlan[];
  createCheckout(principal: Principal, request: CheckoutRequest): Promise<CheckoutResult>;
  createPortal(principal: Principal, workspaceId: string): Promise<PortalResult>;
  /** `body`: the bytes as they came. `signature`: the header `Stripe-Signature`. */
  receiveWebhook(body: Uint8Array, signature: string): Promise<WebhookResult>;
}

export interface StripeBillingOptions {
  readonly sql: postgres.Sql;
  readonly secretKey: string;
  readonly webhookSecret: string;
  readonly prices: StripePrices;
  /** Scheme, host and port of something that speaks Stripe's API; null: Stripe. */
  readonly apiUrl: string | null;
  /** Where Stripe sends the browser back to. */
  readonly returnUrl: (workspaceId: string) => string;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly newId: () => string;
}

/** How long one answer may take: Stripe itself waits longer for ours, and a person at the checkout waits too. */
const timeoutMs = 8_000;

export function createStripeBilling(options: StripeBillingOptions): StripeBilling {
  const { sql, webhookSecret, prices, returnUrl, now, newId } = options;
  const stripe = new Stripe(options.secretKey, {
    ...(options.apiUrl === null ? {} : addressOf(options.apiUrl)),
    timeout: timeoutMs,
    maxNetworkRetries: 1,
    telemetry: false,
  });
  return {
    plansSold: [...new Set(prices.values())],
    createCheckout: (principal, request) =>
      createCheckout({ sql, stripe, prices, returnUrl }, principal, request),
    createPortal: (principal, workspaceId) =>
      createPortal({ sql, stripe, returnUrl }, principal, workspaceId),
    receiveWebhook: (body, signature) =>
      receiveWebhook({ sql, stripe, prices, newId, webhookSecret, now }, body, signature),
  };
}

function addressOf(url: string): Pick<Stripe.StripeConfig, "protocol" | "host" | "port"> {
  const { protocol, hostname, port } = new URL(url);
  const isHttps = protocol === "https:";
  return { protocol: isHttps ? "https" : "http", host: hostname, port: port || (isHttps ? 443 : 80) };
}
