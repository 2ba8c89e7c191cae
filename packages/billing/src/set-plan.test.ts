import { payers, subscriptions } from "@gantry/db";
import {
  createTestDatabase,
  insertOrganization,
  insertSubscription,
  insertTenant,
  insertUser,
  type TestDatabase,
} from "@gantry/db/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { currentPeriod } from "./period.ts";
import { type PlanChange, setPlan } from "./set-plan.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database[Symbol.asyncDispose]());

let ids = 0;
const newId = () => `id-${(ids += 1)}`;
const set = (change: PlanChange) => database.sql.begin((tx) => setPlan(tx, change, newId));

test("a user without a payer gets one, with one active subscription of a month from now", async () => {
  const user = await insertUser(database.db);
  const owner = { kind: "user", id: user.id } as const;
  const changed = await set({ owner, plan: "pro", seats: 1, usageLimitMicros: 1_500_000 });
  expect(changed).toMatchObject({
    kind: "changed",
    before: { subscriptions: [], usageLimitMicros: null },
    after: { subscriptions: [{ plan: "pro", seats: 1 }], usageLimitMicros: 1_500_000 },
  });
  const [row] = await database.db.select().from(subscriptions);
  if (row === undefined) throw new Error("no subscription");
  expect(row).toMatchObject({ userId: user.id, status: "active" });
  expect(Math.abs(row.periodStart.getTime() - Date.now())).toBeLessThan(60_000);
  // Admission finds the counter by whole milliseconds, and goes on in months of the same length.
  const [exact] = await database.sql<{ whole: boolean }[]>`
    SELECT period_start = date_trunc('milliseconds', period_start) AS whole FROM subscriptions`;
  expect(exact).toEqual({ whole: true });
  const period = { periodStart: row.periodStart.toISOString(), periodEnd: row.periodEnd.toISOString() };
  expect(currentPeriod(period, row.periodEnd.getTime()).startAt).toBe(row.periodEnd.getTime());
});

test("an organization's plan is replaced, and never two are active, also when several were or are set at once", async () => {
  const { id: organizationId } = await insertOrganization(database.db);
  await insertSubscription(database.db, { organizationId, plan: "pro" });
  await insertSubscription(database.db, { organizationId, plan: "team", seats: 3, status: "past_due" });
  await insertSubscription(database.db, { organizationId, plan: "enterprise", status: "canceled" });
  const change = (seats: number) =>
    set({ owner: { kind: "organization", id: organizationId }, plan: "team", seats, usageLimitMicros: null });
  expect(await change(5)).toMatchObject({
    kind: "changed",
    before: { subscriptions: [{ plan: "team", seats: 3 }, { plan: "pro" }] },
    after: { subscriptions: [{ plan: "team", seats: 5 }] },
  });
  await Promise.all([6, 7, 8, 9].map(change));
  const rows = await database.db.select().from(subscriptions);
  expect(rows.map(({ status }) => status).sort()).toEqual(["active", "canceled"]);
  expect(await database.db.select().from(payers)).toHaveLength(1);
});

test("free removes the subscription and, without a limit, the override", async () => {
  const tenant = await insertTenant(database.db);
  await database.db.update(payers).set({ usageLimitMicros: 7 });
  await insertSubscription(database.db, { userId: tenant.userId });
  const owner = { kind: "user", id: tenant.userId } as const;
  expect(await set({ owner, plan: "free", seats: 1, usageLimitMicros: null })).toMatchObject({
    kind: "changed",
    before: { subscriptions: [{ plan: "pro" }], usageLimitMicros: 7 },
    after: { subscriptions: [], usageLimitMicros: null },
  });
  expect(await database.db.select().from(subscriptions)).toEqual([]);
});

test("somebody else's subscription is left alone", async () => {
  const tenant = await insertTenant(database.db);
  await insertSubscription(database.db, { userId: tenant.userId });
  const other = await insertUser(database.db);
  await set({ owner: { kind: "user", id: other.id }, plan: "free", seats: 1, usageLimitMicros: null });
  expect(await database.db.select().from(subscriptions)).toHaveLength(1);
});

test("what Stripe takes money for is not replaced behind its back, until it has ended there", async () => {
  const { id: organizationId } = await insertOrganization(database.db);
  const stripe = { organizationId, plan: "team", seats: 3, stripeSubscriptionId: "sub_1" } as const;
  const { id } = await insertSubscription(database.db, stripe);
  const owner = { kind: "organization", id: organizationId } as const;
  const change = { owner, plan: "free", seats: 1, usageLimitMicros: 7 } as const;
  expect(await set(change)).toEqual({ kind: "paid_through_stripe" });
  expect(await database.db.select().from(subscriptions)).toMatchObject([{ plan: "team", seats: 3 }]);
  expect(await database.db.select().from(payers)).toMatchObject([{ usageLimitMicros: null }]);
  await database.sql`UPDATE subscriptions SET status = 'canceled' WHERE id = ${id}`;
  expect(await set(change)).toMatchObject({ kind: "changed" });
});
