import { defaultBilling, type PayerSnapshot, restoreSnapshot, setPlan, verifyLedger } from "@gantry/billing";
import { insertMember, insertSubscription, insertTenant, insertUser } from "@gantry/db/testing";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPostgresClaimStore } from "../claim/postgres/claim-store.ts";
import { agent, definitionOf, start } from "../engine/testing/plans.ts";
import { type OrganizationTenant, payByOrganization } from "../testing/failing-gates.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import type { LiveRun } from "./live-run.ts";

// Who pays for a run is decided once, at admission, and goes with it.

let harness: Harness;
let tenant: OrganizationTenant;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

const definition = definitionOf(
  [start(), agent("A", "[[say hello]]", { model: "claude-haiku-4-5" })],
  ["Start -> A"],
);
beforeEach(async () => {
  const { db } = harness.database;
  tenant = await payByOrganization(harness.database, await insertTenant(db, { definition }));
  const { organizationId, userId } = tenant;
  await insertSubscription(db, { organizationId, plan: "team", seats: 2 });
  await insertMember(db, { organizationId, userId });
});

/** A run that is admitted, and that tops up and calls a model once `change` has been made. */
async function runWhile(
  change: (runId: string) => Promise<unknown>,
): Promise<{ run: LiveRun; before: PayerSnapshot }> {
  let goOn = () => {};
  const changed = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const claims = createPostgresClaimStore(harness.database.sql);
  const topUp: typeof claims.topUp = async (request) => {
    await changed;
    return await claims.topUp(request);
  };
  const billing = { ...defaultBilling, holdSliceMicros: 1 };
  const execution = harness.another({ billing, hotClaims: { ...claims, topUp } });
  const { apiKey, workflowId } = tenant;
  const outcome = await execution.start({ credential: withKey(apiKey), workflowId, input: {} });
  if (outcome.kind !== "admitted") throw new Error(`not admitted: ${JSON.stringify(outcome)}`);
  const { run } = outcome;
  const [slot] = await harness.database.sql<{ payer: string }[]>`
    SELECT payer FROM slots WHERE run_id = ${run.runId}`;
  const before = restored(slot?.payer);
  try {
    await change(run.runId);
  } finally {
    goOn();
  }
  await run.finished;
  return { run, before };
}

function restored(text: string | undefined): PayerSnapshot {
  const result = restoreSnapshot(text ?? "");
  if (!result.ok) throw new Error(result.problems.join("; "));
  return result.snapshot;
}

/** To whom and in which period a run was charged, as the ledger, the counters and the run itself say. */
async function chargedTo({ runId, finished }: LiveRun) {
  const { sql } = harness.database;
  const { costMicros } = await finished;
  const [entries] = await sql<{ payers: string[]; periods: string[]; users: string[]; micros: number }[]>`
    SELECT json_agg(DISTINCT payer_id) AS payers, json_agg(DISTINCT user_id) AS users,
           json_agg(DISTINCT extract(epoch FROM period_start) * 1000) AS periods, sum(amount_micros)::float8 AS micros
      FROM ledger_entries WHERE run_id = ${runId}`;
  const [run] = await sql<{ payer: string; payer_id: string | null }[]>`
    SELECT payer, payer_id FROM runs WHERE id = ${runId}`;
  expect(entries?.micros).toBe(costMicros);
  expect(costMicros).toBeGreaterThan(5_000);
  expect((await verifyLedger(sql)).differences).toEqual([]);
  return { ...entries, run };
}

async function memberCounters() {
  return await harness.database.sql<{ user_id: string; micros: number }[]>`
    SELECT user_id, settled_micros::float8 AS micros FROM member_usage_counters WHERE payer_id = ${tenant.payerId}`;
}

test("a run carries its payer, plan, period and limits as they were at admission, and keeps them when it has ended", async () => {
  await harness.database.sql`
    INSERT INTO member_limits VALUES (${tenant.payerId}, ${tenant.userId}, 7000000)`;
  const { run, before } = await runWhile(async () => {});
  expect(before).toEqual({
    payerId: tenant.payerId,
    kind: "organization",
    plan: "team",
    planSource: "own",
    userId: tenant.userId,
    period: { start: expect.any(String), startAt: expect.any(Number), endAt: expect.any(Number) },
    limits: {
      usageLimitMicros: 60_000_000,
      sync: { perMinute: 300, capacity: 600 },
      async: { perMinute: 2_500, capacity: 5_000 },
      concurrentRunsMax: 200,
    },
    memberLimitMicros: 7_000_000,
  });
  expect(Date.parse(before.period.start)).toBe(before.period.startAt);
  const { run: kept } = await chargedTo(run);
  expect(restored(kept?.payer)).toEqual(before);
});

test("a run that is lost keeps its payer, too", async () => {
  const { run, before } = await runWhile((runId) => harness.execution.free(runId));
  const [kept] = await harness.database.sql<{ payer: string; status: string }[]>`
    SELECT payer, status FROM runs WHERE id = ${run.runId}`;
  expect(kept?.status).toBe("lost");
  expect(restored(kept?.payer)).toEqual(before);
});

describe("who is charged for a run, and in which period, does not change when meanwhile", () => {
  const changes: readonly (readonly [string, () => Promise<unknown>])[] = [
    [
      "an operator sets another plan, whose period begins now",
      () => {
        const owner = { kind: "organization", id: tenant.organizationId } as const;
        const change = { owner, plan: "enterprise", seats: 1, usageLimitMicros: 9_000_000 } as const;
        return harness.database.sql.begin((tx) => setPlan(tx, change, uuidv7));
      },
    ],
    [
      "the plan ends",
      () =>
        harness.database
          .sql`UPDATE subscriptions SET status = 'canceled' WHERE owner_id = ${tenant.organizationId}`,
    ],
    [
      "the subscription is renewed: its next period begins",
      () => harness.database.sql`
        UPDATE subscriptions SET period_start = now() - interval '1 second', period_end = now() + interval '30 days'
         WHERE owner_id = ${tenant.organizationId}`,
    ],
    [
      "the workspace gets another payer",
      async () => {
        const { sql, db } = harness.database;
        const somebody = await insertUser(db);
        await sql`INSERT INTO payers (id, user_id) VALUES (${somebody.id}, ${somebody.id})`;
        await sql`UPDATE workspaces SET payer_id = ${somebody.id} WHERE id = ${tenant.workspaceId}`;
      },
    ],
    [
      "the member leaves the organization",
      () => harness.database.sql`DELETE FROM members WHERE user_id = ${tenant.userId}`,
    ],
    [
      "the organization is deleted",
      () => harness.database.sql`DELETE FROM organizations WHERE id = ${tenant.organizationId}`,
    ],
  ];
  test.each(changes)("%s", async (_, change) => {
    const { run, before } = await runWhile(change);
    expect(await chargedTo(run)).toMatchObject({
      payers: [tenant.payerId],
      users: [tenant.userId],
      periods: [before.period.startAt],
      run: { payer_id: tenant.payerId },
    });
    const { costMicros } = await run.finished;
    expect(await memberCounters()).toEqual([{ user_id: tenant.userId, micros: costMicros }]);
  });
});

test("a run tops up within the limit that it was admitted with when that is lowered; the next one is judged by the new", async () => {
  const lower = () =>
    harness.database
      .sql`UPDATE subscriptions SET plan = 'enterprise' WHERE owner_id = ${tenant.organizationId}`;
  const { run } = await runWhile(lower);
  expect(await run.finished).toMatchObject({ status: "completed" });
  const { apiKey, workflowId } = tenant;
  expect(await harness.execution.start({ credential: withKey(apiKey), workflowId, input: {} })).toMatchObject(
    {
      refusal: { code: "USAGE_LIMIT_EXCEEDED", numbers: { plan: "enterprise", limitMicros: 0 } },
    },
  );
});
