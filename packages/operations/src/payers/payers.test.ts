import { memberLimits, payers, subscriptions } from "@gantry/db";
import { createTestDatabase, insertSubscription, type TestDatabase } from "@gantry/db/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { getAccount } from "../accounts/get-account.ts";
import type { Account, OperationsDeps, Principal } from "../deps.ts";
import { entriesOf, insertAdmin, insertWorld, testDeps, type World } from "../testing.ts";
import { setLimits } from "./set-limits.ts";
import { setMemberCap } from "./set-member-cap.ts";
import { setPlan } from "./set-plan.ts";
import { setShadowLimits } from "./set-shadow-limits.ts";
import { unblockPayer } from "./unblock-payer.ts";

let database: TestDatabase;
let deps: OperationsDeps;
let world: World;
let admin: Principal;
beforeEach(async () => {
  database = await createTestDatabase();
  deps = testDeps(database);
  world = await insertWorld(database);
  admin = await insertAdmin(database);
});
afterEach(() => database[Symbol.asyncDispose]());

async function accountOf(account: Account) {
  const found = await getAccount(deps, admin, account);
  if (found.kind !== "ok") throw new Error(found.kind);
  return found.account;
}

const none = {
  usageLimitMicros: null,
  syncRunsPerMinute: null,
  asyncRunsPerMinute: null,
  concurrentRunsMax: null,
};

test("limits take the place of the plan's, one by one, and give it back", async () => {
  const overrides = { ...none, syncRunsPerMinute: 7, usageLimitMicros: 0 };
  expect(await setLimits(deps, admin, { account: world.user, overrides })).toMatchObject({ kind: "ok" });
  expect(await accountOf(world.user)).toMatchObject({
    overrides,
    limits: {
      usageLimitMicros: 0,
      sync: { perMinute: 7 },
      async: { perMinute: 200 },
      concurrentRunsMax: 10,
      sources: { usageLimit: "operator", sync: "operator", async: "plan", concurrentRuns: "plan" },
    },
  });
  await setLimits(deps, admin, { account: world.user, overrides: none });
  expect((await accountOf(world.user)).limits).toMatchObject({ usageLimitMicros: 5_000_000 });
  expect((await entriesOf(database)).map(({ details }) => details)).toEqual([
    { subject: `${world.user.id}@example.com`, before: none, after: overrides },
    { subject: `${world.user.id}@example.com`, before: overrides, after: none },
  ]);
});

test("an organization that never paid for anything gets a payer with the first thing that is set", async () => {
  const account = world.organization;
  const shadowLimits = { usageLimitMicros: 9, runsPerMinute: null, concurrentRunsMax: 2 };
  await setShadowLimits(deps, admin, { account, shadowLimits });
  await setPlan(deps, admin, { account, plan: "team", seats: 4, usageLimitMicros: null });
  expect(await database.db.select().from(payers)).toHaveLength(2);
  expect(await accountOf(account)).toMatchObject({
    plan: "team",
    subscription: { seats: 4, source: "own" },
    shadowLimits,
    limits: { usageLimitMicros: 120_000_000, sources: { usageLimit: "seats" } },
  });
});

test("an enterprise always has a limit of its own", async () => {
  const account = world.organization;
  const plan = { account, plan: "enterprise", seats: 1 } as const;
  expect(await setPlan(deps, admin, { ...plan, usageLimitMicros: null })).toEqual({ kind: "limit_needed" });
  await setPlan(deps, admin, { ...plan, usageLimitMicros: 1_000_000 });
  expect(await setLimits(deps, admin, { account, overrides: none })).toEqual({ kind: "limit_needed" });
  expect((await accountOf(account)).limits.usageLimitMicros).toBe(1_000_000);
});

test("only a team has seats", async () => {
  await setPlan(deps, admin, { account: world.user, plan: "pro", seats: 50, usageLimitMicros: null });
  expect(await database.db.select().from(subscriptions)).toMatchObject([{ plan: "pro", seats: 1 }]);
});

test("a plan that is paid through Stripe is not changed here, and the page can say so", async () => {
  await insertSubscription(database.db, { userId: world.user.id, stripeSubscriptionId: "sub_1" });
  const change = { account: world.user, plan: "free", seats: 1, usageLimitMicros: null } as const;
  expect(await setPlan(deps, admin, change)).toEqual({ kind: "paid_through_stripe" });
  expect(await accountOf(world.user)).toMatchObject({ plan: "pro", paidThroughStripe: true });
});

test("a member's cap is set, changed and taken away, for members alone", async () => {
  const cap = (capMicros: number | null, userId = world.user.id) =>
    setMemberCap(deps, admin, { organizationId: world.organization.id, userId, capMicros });
  await cap(2_000_000);
  await cap(0);
  expect((await accountOf(world.organization)).members).toMatchObject({
    total: 1,
    items: [{ userId: world.user.id, role: "member", capMicros: 0, settledMicros: 0 }],
  });
  await cap(null);
  expect(await database.db.select().from(memberLimits)).toEqual([]);
  expect(await cap(1, admin.userId)).toEqual({ kind: "not_a_member" });
  const member = `${world.user.id}@example.com`;
  expect((await entriesOf(database)).map(({ details }) => [details.before, details.after])).toEqual([
    [
      { member, capMicros: null },
      { member, capMicros: 2_000_000 },
    ],
    [
      { member, capMicros: 2_000_000 },
      { member, capMicros: 0 },
    ],
    [
      { member, capMicros: 0 },
      { member, capMicros: null },
    ],
  ]);
});

test("a member's cap is shown with what they have used of the organization's present period", async () => {
  const account = world.organization;
  await setPlan(deps, admin, { account, plan: "team", seats: 1, usageLimitMicros: null });
  const { period } = await accountOf(account);
  const payer = database.sql`SELECT id FROM payers WHERE organization_id = ${account.id}`;
  for (const [start, micros] of [
    [period.startAt, 70],
    [period.startAt - 86_400_000, 900],
  ] as const) {
    await database.sql`INSERT INTO member_usage_counters (payer_id, user_id, period_start, settled_micros)
                       VALUES ((${payer}), ${world.user.id}, ${new Date(start)}, ${micros})`;
  }
  expect((await accountOf(account)).members?.items).toMatchObject([{ settledMicros: 70 }]);
});

test("a blocked payer is let go, once, and what it was blocked for is in the log", async () => {
  await database.sql`UPDATE payers SET blocked_reason = 'payment_failed'`;
  expect(await accountOf(world.user)).toMatchObject({ blockedReason: "payment_failed" });
  expect(await unblockPayer(deps, admin, world.user)).toMatchObject({ kind: "ok" });
  expect(await accountOf(world.user)).toMatchObject({ blockedReason: null });
  expect(await unblockPayer(deps, admin, world.user)).toEqual({ kind: "not_blocked" });
  expect((await entriesOf(database)).map(({ details }) => details.before)).toEqual([
    { blockedReason: "payment_failed" },
  ]);
});
