import { payers, subscriptions } from "@gantry/db";
import { createTestDatabase, insertPayer, insertUser, type TestDatabase } from "@gantry/db/testing";
import type { StripePrices } from "../stripe/prices.ts";
import type { WebhookResult } from "../stripe/receive-webhook.ts";
import { createStripeBilling, type StripeBilling } from "../stripe/stripe-billing.ts";
import { type FakeStripe, startFakeStripe } from "./fake-stripe.ts";
import { signed, stripeEvent } from "./stripe-event.ts";
import { invoiceObject, type SubscriptionFields, subscriptionObject } from "./stripe-objects.ts";

/** A database, Stripe, and Gantry's billing between them. */
export interface StripeWorld extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly stripe: FakeStripe;
  readonly billing: StripeBilling;
  /** The same billing where other prices mean plans. */
  withPrices(prices: StripePrices): StripeBilling;
  /** A user who pays, and is a customer of Stripe already. */
  newCustomer(): Promise<{ readonly userId: string; readonly payerId: string; readonly customer: string }>;
  /** What Stripe then knows; nothing is told to Gantry. */
  subscribe(customer: string, fields?: Partial<SubscriptionFields>): SubscriptionFields;
  deliver(eventId: string, type: string, object: object): Promise<WebhookResult>;
  /** A new event about this customer. What it carries is not what Stripe knows: nothing but the ids may be believed. */
  tell(customer: string, type?: string): Promise<WebhookResult>;
  /** What our tables say of an owner's subscriptions at Stripe. */
  mirrored(ownerId: string): Promise<(typeof subscriptions.$inferSelect)[]>;
  blockedReason(payerId: string): Promise<string | null>;
}

export const webhookSecret = "whsec_test";
const prices: StripePrices = new Map([
  ["price_pro", "pro"],
  ["price_pro_old", "pro"],
  ["price_team", "team"],
  ["price_enterprise", "enterprise"],
]);
/** Unix seconds. */
export const periodStart = 1_793_350_802;
export const monthSeconds = 30 * 86_400;

export async function openStripeWorld(): Promise<StripeWorld> {
  const database = await createTestDatabase();
  const stripe = await startFakeStripe();
  let ids = 0;
  const newId = (kind: string) => `${kind}_${(ids += 1)}`;
  const withPrices = (prices: StripePrices) =>
    createStripeBilling({
      sql: database.sql,
      secretKey: "sk_test_1",
      webhookSecret,
      prices,
      apiUrl: stripe.url,
      returnUrl: (workspaceId) => `https://gantry.example/w/${workspaceId}/usage`,
      now: () => Date.now(),
      newId: () => newId("id"),
    });
  const billing = withPrices(prices);
  const deliver: StripeWorld["deliver"] = (eventId, type, object) => {
    const { body, signature } = signed(stripeEvent(eventId, type, object), webhookSecret);
    return billing.receiveWebhook(Buffer.from(body), signature);
  };
  return {
    database,
    stripe,
    billing,
    withPrices,
    deliver,
    async newCustomer() {
      const { id: userId } = await insertUser(database.db);
      const customer = newId("cus");
      stripe.account.customers.set(customer, { id: customer, name: "Ada", email: null });
      const payer = await insertPayer(database.db, { userId, stripeCustomerId: customer });
      return { userId, payerId: payer.id, customer };
    },
    subscribe(customer, fields = {}) {
      const subscription = { ...newSubscription(fields.id ?? newId("sub"), customer), ...fields };
      stripe.account.subscriptions.set(subscription.id, subscription);
      return subscription;
    },
    tell(customer, type = "customer.subscription.updated") {
      const object = type.startsWith("invoice.")
        ? invoiceObject({ customer, status: "open" })
        : subscriptionObject(newSubscription("sub_told", customer));
      return deliver(newId("evt"), type, object);
    },
    async mirrored(ownerId) {
      const rows = await database.db.select().from(subscriptions);
      return rows.filter((row) => row.ownerId === ownerId && row.stripeSubscriptionId !== null);
    },
    async blockedReason(payerId) {
      const rows = await database.db.select().from(payers);
      const payer = rows.find(({ id }) => id === payerId);
      if (payer === undefined) throw new Error("There is no such payer.");
      return payer.blockedReason;
    },
    async [Symbol.asyncDispose]() {
      await stripe[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

function newSubscription(id: string, customer: string): SubscriptionFields {
  return {
    id,
    customer,
    price: "price_pro",
    quantity: 1,
    status: "active",
    created: periodStart,
    current_period_start: periodStart,
    current_period_end: periodStart + monthSeconds,
    cancel_at_period_end: false,
    cancel_at: null,
    schedule: null,
  };
}
