import { stripeEvents, subscriptions, users } from "@gantry/db";
import { insertOrganization, insertPayer, insertSubscription } from "@gantry/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signed, stripeEvent, subscriptionObject } from "../testing/index.ts";
import {
  monthSeconds,
  openStripeWorld,
  periodStart,
  type StripeWorld,
  webhookSecret,
} from "../testing/stripe-world.ts";

let world: StripeWorld;
beforeAll(async () => {
  world = await openStripeWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** Of the events with these ids, those that are kept. */
async function kept(...ids: string[]) {
  const rows = await world.database.db.select().from(stripeEvents);
  return rows.filter(({ id }) => ids.includes(id));
}

describe("the signature", () => {
  const at = Date.now();
  const body = stripeEvent("evt_signed", "customer.subscription.updated", { customer: "cus_nobody" });
  const good = signed(body, webhookSecret, at);

  test.each([
    { what: "of another secret", ...signed(body, "whsec_other", at) },
    { what: "of another body", body: `${body} `, signature: good.signature },
    { what: "older than five minutes", ...signed(body, webhookSecret, at - 302_000) },
    { what: "that is no signature", body, signature: "nonsense" },
    { what: "that is missing", body, signature: "" },
  ])("$what is refused, and nothing is asked or written", async ({ body, signature }) => {
    const asked = world.stripe.requests.length;
    const result = await world.billing.receiveWebhook(Buffer.from(body), signature);
    expect(result).toEqual({ kind: "bad_signature" });
    expect(await kept("evt_signed")).toEqual([]);
    expect(world.stripe.requests).toHaveLength(asked);
  });

  test("a few minutes under way are no fault", async () => {
    const late = signed(body, webhookSecret, at - 240_000);
    const result = await world.billing.receiveWebhook(Buffer.from(late.body), late.signature);
    expect(result).toMatchObject({ kind: "received" });
  });
});

describe("a subscription", () => {
  test("is kept as Stripe has it now, in whole milliseconds, whatever the event says", async () => {
    const { customer, userId } = await world.newCustomer();
    const subscription = world.subscribe(customer, {
      price: "price_team",
      quantity: 7,
      status: "trialing",
      cancel_at_period_end: true,
    });
    const told = subscriptionObject({ ...subscription, quantity: 99, status: "canceled", created: 1 });
    expect(await world.deliver("evt_created", "customer.subscription.created", told)).toEqual({
      kind: "received",
      eventId: "evt_created",
      type: "customer.subscription.created",
      outcome: "applied",
    });
    expect(await world.mirrored(userId)).toMatchObject([
      {
        userId,
        stripeSubscriptionId: subscription.id,
        plan: "team",
        seats: 7,
        status: "active",
        cancelsAtPeriodEnd: true,
        periodStart: new Date(periodStart * 1_000),
        periodEnd: new Date((periodStart + monthSeconds) * 1_000),
        createdAt: new Date(periodStart * 1_000),
      },
    ]);
  });

  test.each([
    ["active", true],
    ["trialing", true],
    ["past_due", true],
    ["unpaid", false],
    ["canceled", false],
    ["incomplete", false],
    ["incomplete_expired", false],
    ["paused", false],
    ["something_new", false],
  ])("that is %s counts: %s", async (status, counts) => {
    const { customer, userId } = await world.newCustomer();
    world.subscribe(customer, { status });
    await world.tell(customer);
    const [row] = await world.mirrored(userId);
    expect(["active", "past_due"].includes(row?.status ?? "")).toBe(counts);
  });

  test("that ends at an instant within the period cancels at its end, later it does not", async () => {
    const { customer, userId } = await world.newCustomer();
    const { id, current_period_end } = world.subscribe(customer);
    for (const [cancelAt, cancels] of [
      [current_period_end, true],
      [current_period_end + monthSeconds, false],
      [null, false],
    ] as const) {
      world.subscribe(customer, { id, cancel_at: cancelAt });
      await world.tell(customer);
      expect(await world.mirrored(userId)).toMatchObject([{ cancelsAtPeriodEnd: cancels }]);
    }
  });

  test("is found on whichever of Stripe's pages it is", async () => {
    const { customer, userId } = await world.newCustomer();
    for (let i = 0; i < 5; i += 1) world.subscribe(customer, { status: i === 4 ? "active" : "canceled" });
    await world.tell(customer);
    const statuses = (await world.mirrored(userId)).map(({ status }) => status);
    expect(statuses.sort()).toEqual(["active", "canceled", "canceled", "canceled", "canceled"]);
  });

  test("of an organization is the organization's", async () => {
    const { db } = world.database;
    const { id: organizationId } = await insertOrganization(db);
    await insertPayer(db, { organizationId, stripeCustomerId: "cus_org" });
    world.stripe.account.customers.set("cus_org", { id: "cus_org", name: "Acme", email: null });
    world.subscribe("cus_org");
    await world.tell("cus_org");
    expect(await world.mirrored(organizationId)).toMatchObject([{ organizationId, userId: null }]);
  });

  test("whose price means no plan is about something else; one that is switched to such a price is gone", async () => {
    const { customer, userId, payerId } = await world.newCustomer();
    const plan = world.subscribe(customer);
    world.subscribe(customer, { price: "price_shirt", status: "unpaid" });
    await world.tell(customer);
    expect(await world.mirrored(userId)).toMatchObject([{ stripeSubscriptionId: plan.id }]);
    expect(await world.blockedReason(payerId)).toBeNull();
    world.subscribe(customer, { id: plan.id, price: "price_shirt" });
    await world.tell(customer);
    expect(await world.mirrored(userId)).toEqual([]);
  });

  test("of a customer that was deleted at Stripe is gone", async () => {
    const { customer, userId } = await world.newCustomer();
    world.subscribe(customer);
    await world.tell(customer);
    world.stripe.account.customers.delete(customer);
    expect(await world.tell(customer, "customer.subscription.deleted")).toMatchObject({ outcome: "applied" });
    expect(await world.mirrored(userId)).toEqual([]);
  });

  test("that an operator set stays as it is while Stripe's come and go, and nobody else's is touched", async () => {
    const { db } = world.database;
    const { customer, userId } = await world.newCustomer();
    const other = await world.newCustomer();
    world.subscribe(other.customer);
    await world.tell(other.customer);
    const set = await insertSubscription(db, { userId, plan: "enterprise" });
    const { id } = world.subscribe(customer);
    await world.tell(customer);
    expect(await world.mirrored(userId)).toMatchObject([{ status: "active" }]);
    world.subscribe(customer, { id, status: "canceled" });
    await world.tell(customer, "customer.subscription.deleted");
    expect(await world.mirrored(userId)).toMatchObject([{ status: "canceled" }]);
    expect(await world.mirrored(other.userId)).toMatchObject([{ status: "active" }]);
    const rows = await db.select().from(subscriptions);
    expect(rows.find((row) => row.id === set.id)).toEqual(set);
  });
});

describe("what changes nothing", () => {
  test("a kind that we do not know, a stranger's customer, a payer whose owner is gone: kept, and only once", async () => {
    const { customer, userId } = await world.newCustomer();
    world.subscribe(customer);
    await world.database.db.delete(users);
    const cases = [
      ["evt_kind", "product.updated", { id: "prod_1", object: "product" }],
      ["evt_stranger", "customer.subscription.updated", subscriptionObject(world.subscribe("cus_stranger"))],
      ["evt_ownerless", "customer.subscription.updated", subscriptionObject(world.subscribe(customer))],
    ] as const;
    for (const [id, type, told] of cases) {
      expect(await world.deliver(id, type, told)).toMatchObject({ outcome: "not_ours" });
      expect(await world.deliver(id, type, told)).toMatchObject({ outcome: "duplicate" });
      expect(await kept(id)).toMatchObject([{ id, type }]);
    }
    expect(await world.mirrored(userId)).toEqual([]);
  });
});

describe("while Stripe does not answer", () => {
  test.each([500, 429])("with %i the event is not kept, and applied when it comes again", async (status) => {
    const { customer, userId } = await world.newCustomer();
    const told = subscriptionObject(world.subscribe(customer));
    const id = `evt_while_${status}`;
    const deliver = () => world.deliver(id, "customer.subscription.created", told);
    world.stripe.failWith(status);
    expect(await deliver()).toEqual({ kind: "stripe_unavailable" });
    expect(await kept(id)).toEqual([]);
    world.stripe.failWith(null);
    expect(await deliver()).toMatchObject({ outcome: "applied" });
    expect(await world.mirrored(userId)).toHaveLength(1);
  });
});
