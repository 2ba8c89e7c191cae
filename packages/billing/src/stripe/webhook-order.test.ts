import { payers, stripeEvents } from "@gantry/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SubscriptionFields, subscriptionObject } from "../testing/index.ts";
import { openStripeWorld, type StripeWorld } from "../testing/stripe-world.ts";

// Deliveries that run at the same time share no state but the database, as those of two processes do.

let world: StripeWorld;
beforeAll(async () => {
  world = await openStripeWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

async function kept(prefix: string) {
  const rows = await world.database.db.select().from(stripeEvents);
  return rows.filter(({ id }) => id.startsWith(prefix));
}

describe("events that come twice, out of order or at the same time", () => {
  test("one that comes twice is applied once", async () => {
    const { customer } = await world.newCustomer();
    const told = subscriptionObject(world.subscribe(customer));
    const deliver = () => world.deliver("evt_twice", "customer.subscription.created", told);
    expect([await deliver(), await deliver()]).toMatchObject([
      { outcome: "applied" },
      { outcome: "duplicate" },
    ]);
  });

  test("the same one many times at once is applied once", async () => {
    const { customer, userId } = await world.newCustomer();
    const told = subscriptionObject(world.subscribe(customer));
    const results = await Promise.all(
      Array.from({ length: 8 }, () => world.deliver("evt_at_once", "customer.subscription.created", told)),
    );
    const outcomes = results.map((result) => (result.kind === "received" ? result.outcome : result.kind));
    expect(outcomes.sort()).toEqual(["applied", ...Array.from({ length: 7 }, () => "duplicate")]);
    expect(await world.mirrored(userId)).toHaveLength(1);
    expect(await kept("evt_at_once")).toHaveLength(1);
  });

  test("`deleted` that overtakes `updated` is not undone by it", async () => {
    const { customer, userId } = await world.newCustomer();
    const before = world.subscribe(customer);
    const updated = subscriptionObject({ ...before, quantity: 2 });
    world.subscribe(customer, { ...before, status: "canceled" });
    await world.tell(customer, "customer.subscription.deleted");
    await world.deliver("evt_late", "customer.subscription.updated", updated);
    expect(await world.mirrored(userId)).toMatchObject([{ status: "canceled", seats: 1 }]);
  });

  test("what was read earlier and held up never overwrites what was read later", async () => {
    const { customer, userId } = await world.newCustomer();
    const { id } = world.subscribe(customer, { price: "price_team", quantity: 2 });
    const hold = world.stripe.holdNext("/v1/subscriptions");
    const slow = world.tell(customer);
    await hold.reached;
    world.subscribe(customer, { id, status: "canceled" });
    expect(await world.tell(customer, "customer.subscription.deleted")).toMatchObject({ outcome: "applied" });
    hold.release();
    expect(await slow).toMatchObject({ outcome: "applied" });
    expect(await world.mirrored(userId)).toMatchObject([{ status: "canceled" }]);
  });

  test("whatever happens to the payer in between by an operator's hand stays", async () => {
    const { customer, payerId } = await world.newCustomer();
    world.subscribe(customer);
    const hold = world.stripe.holdNext("/v1/subscriptions");
    const slow = world.tell(customer);
    await hold.reached;
    await world.database.db.update(payers).set({ usageLimitMicros: 7 });
    hold.release();
    expect(await slow).toMatchObject({ outcome: "applied" });
    const rows = await world.database.db.select().from(payers);
    expect(rows.find(({ id }) => id === payerId)?.usageLimitMicros).toBe(7);
  });

  // Every change sends its event, several are sent again, and all of them arrive in any order, up to four at a time.
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("seed %i: in the end our tables say what Stripe says", async (seed) => {
    const chance = mulberry32(seed);
    const pick = <T>(items: readonly [T, ...T[]]): T =>
      items[Math.floor(chance() * items.length)] ?? items[0];
    const { customer, userId, payerId } = await world.newCustomer();
    const waiting: (() => Promise<unknown>)[] = [];
    const underWay = new Set<Promise<unknown>>();
    const deliverOne = async () => {
      const [next] = waiting.splice(Math.floor(chance() * waiting.length), 1);
      if (next === undefined) return;
      const promise = next().finally(() => underWay.delete(promise));
      underWay.add(promise);
      if (underWay.size >= 4) await Promise.race(underWay);
    };
    for (let change = 0; change < 25; change += 1) {
      const fields: Partial<SubscriptionFields> = {
        id: `${pick(["a", "b"])}_${customer}`,
        status: pick(["active", "past_due", "unpaid", "canceled", "paused"]),
        price: pick(["price_pro", "price_team", "price_enterprise"]),
        quantity: 1 + Math.floor(chance() * 9),
        cancel_at_period_end: chance() < 0.3,
      };
      const told = subscriptionObject(world.subscribe(customer, fields));
      const send = async () => {
        const result = await world.deliver(`evt_${seed}_${change}`, "customer.subscription.updated", told);
        // Stripe sends again what was not received.
        if (result.kind === "received" && result.outcome === "contended") waiting.push(send);
      };
      waiting.push(send, ...(chance() < 0.4 ? [send] : []));
      while (waiting.length > 0 && chance() < 0.6) await deliverOne();
    }
    while (waiting.length > 0 || underWay.size > 0) {
      await deliverOne();
      if (waiting.length === 0) await Promise.all(underWay);
    }

    const known = [...world.stripe.account.subscriptions.values()].filter(
      (subscription) => subscription.customer === customer,
    );
    const rows = await world.mirrored(userId);
    expect(rows).toHaveLength(known.length);
    for (const { id, status, quantity, price, cancel_at_period_end } of known) {
      expect(rows.find((row) => row.stripeSubscriptionId === id)).toMatchObject({
        status,
        seats: quantity,
        plan: price.replace("price_", ""),
        cancelsAtPeriodEnd: cancel_at_period_end,
      });
    }
    const owes = known.some(({ status }) => status === "unpaid");
    expect(await world.blockedReason(payerId)).toBe(owes ? "payment_failed" : null);
    expect(await kept(`evt_${seed}_`)).toHaveLength(25);
  });
});

/** A small seeded generator: the same seed gives the same history. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
