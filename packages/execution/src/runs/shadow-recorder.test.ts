import { insertTenant, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Credential } from "../admission/facts.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { runUntilCancelled } from "../testing/run-until-cancelled.ts";
import type { Execution } from "./execution.ts";
import type { LiveRun } from "./live-run.ts";

// Limits that are rehearsed: judged and recorded, and in nobody's way.

let harness: Harness;
let execution: Execution;
let tenant: Tenant;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());
beforeEach(async () => {
  tenant = await insertTenant(harness.database.db);
  execution = harness.another({ runPlan: runUntilCancelled, heartbeatMs: 600_000 });
});

async function rehearse(limits: { micros?: number; perMinute?: number; slots?: number }): Promise<void> {
  await harness.database.sql`
    UPDATE payers SET shadow_usage_limit_micros = ${limits.micros ?? null}, shadow_runs_per_minute = ${limits.perMinute ?? null},
           shadow_concurrent_runs_max = ${limits.slots ?? null}, sync_runs_per_minute = 1000, concurrent_runs_max = 1000
     WHERE id = ${tenant.payerId}`;
}

async function start(credential: Credential = withKey(tenant.apiKey)): Promise<LiveRun> {
  const outcome = await execution.start({ credential, workflowId: tenant.workflowId, input: {} });
  if (outcome.kind !== "admitted") throw new Error(`not admitted: ${JSON.stringify(outcome)}`);
  return outcome.run;
}

async function startMany(count: number): Promise<void> {
  for (let run = 0; run < count; run += 1) await start();
}

/** What was recorded, once everything has been written. */
async function recorded(): Promise<Record<string, number>> {
  await execution.shutdown(0);
  const rows = await harness.database.sql<{ gate: string; runs: number; today: boolean }[]>`
    SELECT gate, runs, day = to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS today
      FROM shadow_refusals WHERE payer_id = ${tenant.payerId}`;
  expect(rows.every(({ today }) => today)).toBe(true);
  return Object.fromEntries(rows.map(({ gate, runs }) => [gate, runs]));
}

describe("a limit that is rehearsed", () => {
  test("counts the runs that it would have refused, per gate and day, and refuses none", async () => {
    // Room for three base charges, and for two runs at once; five tokens' worth of runs would not be refused.
    await rehearse({ micros: 15_000, slots: 2, perMinute: 100 });
    await startMany(5);
    expect(await recorded()).toEqual({ usage: 2, concurrency: 3 });
  });

  test("adds to what was recorded of the day", async () => {
    await rehearse({ slots: 0 });
    await startMany(2);
    expect(await recorded()).toEqual({ concurrency: 2 });
    execution = harness.another({ runPlan: runUntilCancelled, heartbeatMs: 600_000 });
    await startMany(3);
    expect(await recorded()).toEqual({ concurrency: 5 });
  });

  test("on the rate has a bucket of its own: twice the rate at once, and the real one is not touched", async () => {
    await rehearse({ perMinute: 1 });
    await startMany(6);
    expect(await recorded()).toEqual({ rate: 4 });
    const buckets = await harness.database.sql<{ counter: string; tokens: number }[]>`
      SELECT counter, tokens FROM rate_buckets WHERE payer_id = ${tenant.payerId} ORDER BY 1`;
    expect(buckets.map(({ counter }) => counter)).toEqual(["shadow", "sync"]);
    expect(buckets[0]?.tokens).toBeLessThan(1);
    expect(buckets[1]?.tokens).toBeGreaterThan(1_990);
    // The bucket is the payer's, whichever process asks: it is empty for the next one, too.
    execution = harness.another({ runPlan: runUntilCancelled, heartbeatMs: 600_000 });
    await startMany(2);
    expect(await recorded()).toEqual({ rate: 6 });
  });

  test("on the rate does not count the editor's runs, which the rate gate lets pass", async () => {
    await rehearse({ perMinute: 1, slots: 1 });
    await harness.database.sql`
      INSERT INTO sessions (id, token, user_id, expires_at)
      VALUES (${tenant.userId}, ${tenant.userId}, ${tenant.userId}, now() + interval '1 hour')`;
    for (let run = 0; run < 5; run += 1) await start({ kind: "session", token: tenant.userId });
    expect(await recorded()).toEqual({ concurrency: 4 });
  });

  test("changes no verdict and no number of a run's decision", async () => {
    const { sql } = harness.database;
    const decisionUnder = async (limits: Parameters<typeof rehearse>[0]) => {
      await rehearse(limits);
      // As full at every time.
      await sql`INSERT INTO rate_buckets VALUES (${tenant.payerId}, 'sync', 10, now() + interval '1 hour')
                ON CONFLICT (payer_id, counter) DO UPDATE SET tokens = 10, refilled_at = excluded.refilled_at`;
      const run = await start();
      run.cancel("requested");
      await run.finished;
      return run.decision;
    };
    const before = await decisionUnder({});
    expect(await decisionUnder({ micros: 0, perMinute: 1, slots: 0 })).toEqual(before);
  });

  test("of a payer that has none records nothing; one that cannot be written is told and hurts nobody", async () => {
    await rehearse({});
    await startMany(1);
    expect(await recorded()).toEqual({});
    await rehearse({ slots: 0 });
    execution = harness.another({ runPlan: runUntilCancelled, heartbeatMs: 600_000 });
    const told = () => harness.told.filter(({ what }) => what === "observationsNotWritten");
    expect(told()).toEqual([]);
    await harness.database.sql`ALTER TABLE shadow_refusals RENAME TO hidden`;
    try {
      const run = await start();
      await execution.shutdown(0);
      expect(await run.finished).toMatchObject({ status: "cancelled" });
    } finally {
      await harness.database.sql`ALTER TABLE hidden RENAME TO shadow_refusals`;
    }
    expect(told()).toHaveLength(1);
  });
});
