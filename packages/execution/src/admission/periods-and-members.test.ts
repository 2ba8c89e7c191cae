import { setPlan } from "@gantry/billing";
import {
  insertMember,
  insertOrganization,
  insertSubscription,
  insertTenant,
  type Tenant,
} from "@gantry/db/testing";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { LiveRun } from "../runs/live-run.ts";
import { payByOrganization } from "../testing/failing-gates.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { runUntilCancelled } from "../testing/run-until-cancelled.ts";
import type { Numbers } from "./refusal.ts";

// docs/decisions/0014: one test for each decision that admission makes true.

let harness: Harness;
let tenant: Tenant;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());
beforeEach(async () => {
  tenant = await insertTenant(harness.database.db);
});

async function start(): Promise<LiveRun> {
  const { apiKey, workflowId } = tenant;
  const outcome = await harness.execution.start({ credential: withKey(apiKey), workflowId, input: {} });
  if (outcome.kind !== "admitted") throw new Error(`not admitted: ${JSON.stringify(outcome)}`);
  return outcome.run;
}

/** One run, which costs $0.005; with the numbers of the hold gate that it was admitted on. */
async function run(): Promise<Numbers> {
  const { decision, finished } = await start();
  await finished;
  return decision.find(({ gate }) => gate === "hold")?.numbers ?? {};
}

async function refusal() {
  const { apiKey, workflowId } = tenant;
  const outcome = await harness.execution.start({ credential: withKey(apiKey), workflowId, input: {} });
  if (outcome.kind !== "refused") throw new Error(`not refused: ${outcome.kind}`);
  return outcome.refusal;
}

/** A subscription whose present period began a week ago. */
const subscribe = (columns: Parameters<typeof insertSubscription>[1]) =>
  insertSubscription(harness.database.db, {
    periodStart: new Date("2026-01-05T00:00:00Z"),
    periodEnd: new Date("2026-02-05T00:00:00Z"),
    ...columns,
  });

describe("when a period ends", () => {
  const renew = () => harness.database.sql`
    UPDATE subscriptions SET period_start = date_trunc('milliseconds', now()), period_end = now() + interval '1 month'`;

  test("the next run finds nothing used, and what was used stays where it was", async () => {
    await subscribe({ userId: tenant.userId });
    expect(await run()).toMatchObject({ settledMicros: 0 });
    expect(await run()).toMatchObject({ settledMicros: 5_000 });
    await renew();
    expect(await run()).toMatchObject({ settledMicros: 0 });
    const counters = await harness.database.sql`
      SELECT settled_micros::int AS micros FROM usage_counters WHERE payer_id = ${tenant.payerId} ORDER BY period_start`;
    expect(counters).toEqual([{ micros: 10_000 }, { micros: 5_000 }]);
  });

  test("what runs of the old one still hold counts against the new one until they end, and is charged to the old", async () => {
    const { sql } = harness.database;
    const execution = harness.another({ runPlan: runUntilCancelled });
    await subscribe({ userId: tenant.userId });
    await sql`UPDATE payers SET usage_limit_micros = 9000 WHERE id = ${tenant.payerId}`;
    const { apiKey, workflowId } = tenant;
    const old = await execution.start({ credential: withKey(apiKey), workflowId, input: {} });
    if (old.kind !== "admitted") throw new Error("not admitted");
    await renew();
    expect(await refusal()).toMatchObject({
      code: "PAYER_HEADROOM",
      retryable: true,
      numbers: { settledMicros: 0, heldMicros: 5_000 },
    });
    old.run.cancel("requested");
    await old.run.finished;
    await run();
  });
});

describe("when the plan changes in the middle of a period", () => {
  const byOperator = (plan: "free" | "pro" | "team", seats = 1) =>
    harness.database.sql.begin((tx) =>
      setPlan(
        tx,
        { owner: { kind: "user", id: tenant.userId }, plan, seats, usageLimitMicros: null },
        uuidv7,
      ),
    );

  test("by an operator, a period begins with nothing used; back on free it is the calendar month with what was used in it", async () => {
    await run();
    expect(await run()).toMatchObject({ settledMicros: 5_000, plan: "free" });
    await byOperator("pro");
    expect(await run()).toMatchObject({ settledMicros: 0, plan: "pro", limitMicros: 30_000_000 });
    await byOperator("free");
    expect(await run()).toMatchObject({ settledMicros: 10_000, plan: "free", limitMicros: 5_000_000 });
  });

  test("by the payment provider, within a period that goes on, the new limit holds at once for what was used before", async () => {
    const { sql } = harness.database;
    const { id } = await subscribe({ userId: tenant.userId, plan: "pro", stripeSubscriptionId: uuidv7() });
    await run();
    const change = (plan: string, seats: number) =>
      sql`UPDATE subscriptions SET plan = ${plan}, seats = ${seats} WHERE id = ${id}`;
    await change("team", 3);
    expect(await run()).toMatchObject({ settledMicros: 5_000, plan: "team", limitMicros: 90_000_000 });
    await change("enterprise", 1);
    expect(await refusal()).toMatchObject({
      code: "USAGE_LIMIT_EXCEEDED",
      numbers: { settledMicros: 10_000, limitMicros: 0, plan: "enterprise" },
    });
  });

  test("a limit alone, set by an operator, begins no period", async () => {
    const { sql } = harness.database;
    await run();
    await sql`UPDATE payers SET usage_limit_micros = 9999 WHERE id = ${tenant.payerId}`;
    expect(await refusal()).toMatchObject({
      code: "USAGE_LIMIT_EXCEEDED",
      numbers: { settledMicros: 5_000, limitMicros: 9_999, source: "operator" },
    });
  });
});

describe("a member of the organization that pays", () => {
  let organizationId: string;
  beforeEach(async () => {
    const paid = await payByOrganization(harness.database, tenant);
    organizationId = paid.organizationId;
    tenant = paid;
    await insertMember(harness.database.db, { organizationId, userId: tenant.userId });
  });
  const cap = (micros: number) => harness.database.sql`
    INSERT INTO member_limits VALUES (${tenant.payerId}, ${tenant.userId}, ${micros})
    ON CONFLICT (payer_id, user_id) DO UPDATE SET usage_limit_micros = ${micros}`;

  test("who is capped later is judged by what they have used of the period before", async () => {
    await run();
    await run();
    await cap(12_000);
    expect(await refusal()).toMatchObject({
      code: "MEMBER_LIMIT_EXCEEDED",
      numbers: { memberSettledMicros: 10_000, memberLimitMicros: 12_000, settledMicros: 10_000 },
    });
  });

  test("who leaves leaves what they used: with the organization at admission, and with themselves should they come back", async () => {
    const { sql, db } = harness.database;
    await cap(20_000);
    await run();
    await sql`DELETE FROM members WHERE organization_id = ${organizationId} AND user_id = ${tenant.userId}`;
    // Whoever may still run there does so under the same cap: to leave must not lift it.
    expect(await run()).toMatchObject({ settledMicros: 5_000, memberSettledMicros: 5_000 });
    await insertMember(db, { organizationId, userId: tenant.userId });
    expect(await run()).toMatchObject({ settledMicros: 10_000, memberSettledMicros: 10_000 });
  });
});

describe("a user with a plan of their own who joins an organization with a higher one", () => {
  test("has its rates and slots in their own workspace, and their own money, period and usage; leaving changes none of these", async () => {
    const { sql, db } = harness.database;
    await subscribe({ userId: tenant.userId, plan: "team", seats: 4 });
    const alone = await run();
    expect(alone).toMatchObject({ plan: "team", limitMicros: 120_000_000, settledMicros: 0 });
    const club = await insertOrganization(db);
    await insertSubscription(db, { organizationId: club.id, plan: "enterprise" });
    await insertMember(db, { organizationId: club.id, userId: tenant.userId });
    const { decision, finished } = await start();
    await finished;
    expect(decision.find(({ gate }) => gate === "concurrency")?.numbers).toMatchObject({
      limit: 1_000,
      source: "organization_plan",
    });
    expect(decision.find(({ gate }) => gate === "hold")?.numbers).toMatchObject({
      plan: "enterprise",
      limitMicros: 120_000_000,
      source: "seats",
      settledMicros: 5_000,
      resetAt: alone["resetAt"],
    });
    await sql`DELETE FROM members WHERE user_id = ${tenant.userId}`;
    expect(await run()).toMatchObject({ plan: "team", settledMicros: 10_000, resetAt: alone["resetAt"] });
  });

  test("brings nothing of their own plan to the organization's workspaces", async () => {
    const { db } = harness.database;
    await subscribe({ userId: tenant.userId, plan: "enterprise" });
    const paid = await payByOrganization(harness.database, tenant);
    await insertMember(db, { organizationId: paid.organizationId, userId: tenant.userId });
    expect(await run()).toMatchObject({ plan: "free", limitMicros: 5_000_000 });
  });
});

test("a workspace that gets another payer is charged to that from the next run on, and neither sees the other's usage", async () => {
  await run();
  const before = tenant.payerId;
  tenant = await payByOrganization(harness.database, tenant);
  expect(await run()).toMatchObject({ settledMicros: 0 });
  expect(await run()).toMatchObject({ settledMicros: 5_000 });
  const counters = await harness.database.sql<{ payer_id: string; micros: number }[]>`
    SELECT payer_id, settled_micros::int AS micros FROM usage_counters
     WHERE payer_id IN (${before}, ${tenant.payerId})`;
  expect(new Map(counters.map(({ payer_id, micros }) => [payer_id, micros]))).toEqual(
    new Map([
      [before, 5_000],
      [tenant.payerId, 10_000],
    ]),
  );
});
