import { insertSubscription, insertTenant } from "@gantry/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Harness, startHarness } from "../testing/harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

async function usageOf({ userId, workspaceId }: { userId: string; workspaceId: string }) {
  const principal = { userId, apiKeyId: null, workspaceId: null };
  return await harness.execution.usage({ principal, workspaceId });
}

describe("usage", () => {
  test("tells what each limit comes from", async () => {
    const tenant = await insertTenant(harness.database.db);
    expect(await usageOf(tenant)).toMatchObject({
      sources: { usageLimit: "plan", sync: "plan" },
      seats: null,
    });
    await harness.database.sql`UPDATE payers SET sync_runs_per_minute = 7 WHERE id = ${tenant.payerId}`;
    await insertSubscription(harness.database.db, { userId: tenant.userId, plan: "team", seats: 3 });
    expect(await usageOf(tenant)).toMatchObject({
      limitMicros: 90_000_000,
      sources: { usageLimit: "seats", sync: "operator", async: "plan", concurrentRuns: "plan" },
      seats: { count: 3, eachMicros: 30_000_000 },
    });
  });

  test("counts the runs that could start: by slots, by money with a full first hold each, by tokens", async () => {
    const tenant = await insertTenant(harness.database.db);
    const { sql } = harness.database;
    const couldStart = async () => (await usageOf(tenant))?.couldStart;
    expect(await couldStart()).toBe(10);
    await sql`UPDATE payers SET concurrent_runs_max = 1000 WHERE id = ${tenant.payerId}`;
    expect(await couldStart()).toBe(90);
    await sql`INSERT INTO rate_buckets VALUES (${tenant.payerId}, 'sync', 3, now() + interval '1 hour')`;
    expect(await couldStart()).toBe(3);
    await sql`UPDATE payers SET usage_limit_micros = 54999 WHERE id = ${tenant.payerId}`;
    expect(await couldStart()).toBe(0);
  });

  test("counts nothing and names no source where billing is off", async () => {
    await using free = await startHarness({ billing: { enabled: false } });
    const there = await insertTenant(free.database.db);
    const principal = { userId: there.userId, apiKeyId: null, workspaceId: null };
    expect(await free.execution.usage({ principal, workspaceId: there.workspaceId })).toMatchObject({
      limitMicros: null,
      couldStart: null,
      sources: { usageLimit: "billing_off" },
    });
  });
});
