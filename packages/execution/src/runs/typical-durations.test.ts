import { insertTenant, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { until } from "../testing/until.ts";
import { createTypicalDurations } from "./typical-durations.ts";

let harness: Harness;
let tenant: Tenant;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());
beforeEach(async () => {
  tenant = await insertTenant(harness.database.db);
});

async function typicalMs(workflowId = tenant.workflowId): Promise<number | null> {
  const [row] = await harness.database.sql<{ ms: number | null }[]>`
    SELECT typical_run_ms AS ms FROM workflows WHERE id = ${workflowId}`;
  return row?.ms ?? null;
}

function open() {
  const told: unknown[] = [];
  const durations = createTypicalDurations(harness.database.sql, {
    everyMs: 600_000,
    onError: (error) => told.push(error),
  });
  const learn = async (...ms: readonly number[]) => {
    for (const one of ms) durations.add(tenant.workflowId, one);
    await durations.flush();
    return await typicalMs();
  };
  return { durations, learn, told };
}

describe("how long a workflow's runs take", () => {
  test("is what the first ones took, and follows later ones by three tenths", async () => {
    const { learn } = open();
    expect(await learn(1_000, 3_000)).toBe(2_000);
    expect(await learn(4_000)).toBe(2_600);
    expect(await learn(600)).toBe(2_000);
  });

  test("is not written again for runs that took about as long", async () => {
    const { learn } = open();
    await learn(2_000);
    const version = async () => {
      const [row] = await harness.database.sql`
        SELECT xmin::text FROM workflows WHERE id = ${tenant.workflowId}`;
      return row;
    };
    const before = await version();
    expect(await learn(2_150, 1_900)).toBe(2_000);
    expect(await version()).toEqual(before);
  });

  test("of a workflow that is gone is nobody's business, and those beside it are learned", async () => {
    const { durations, learn, told } = open();
    durations.add("gone", 5_000);
    expect(await learn(100)).toBe(100);
    expect(told).toEqual([]);
  });

  test("that cannot be written is told and forgotten, and hurts nobody", async () => {
    const { learn, told } = open();
    await harness.database.sql`ALTER TABLE workflows RENAME TO hidden`;
    const failing = learn(7_000).catch(() => null);
    await until(() => told.length === 1);
    await harness.database.sql`ALTER TABLE hidden RENAME TO workflows`;
    await failing;
    expect(await learn(500)).toBe(500);
  });

  test("is learned from completed runs, with the heartbeat, and not from those that failed", async () => {
    const { sql } = harness.database;
    const execution = harness.another({ heartbeatMs: 20 });
    const failing = harness.another({
      heartbeatMs: 20,
      async *runPlan() {
        yield { type: "run.started", seq: 1, at: Date.now() };
        const error = { code: "CODE_THREW", message: "no", blockId: null } as const;
        yield { type: "run.failed", seq: 2, at: Date.now(), error, durationMs: 1 };
      },
    });
    const run = async (through: typeof execution) => {
      const { apiKey, workflowId } = tenant;
      const outcome = await through.start({ credential: withKey(apiKey), workflowId, input: {} });
      if (outcome.kind !== "admitted") throw new Error("not admitted");
      return await outcome.run.finished;
    };
    expect((await run(failing)).status).toBe("failed");
    const { durationMs } = await run(execution);
    await until(async () => (await typicalMs()) !== null);
    expect(await typicalMs()).toBe(durationMs);
    await sql`UPDATE workflows SET typical_run_ms = NULL WHERE id = ${tenant.workflowId}`;
    await failing.shutdown(0);
    expect(await typicalMs()).toBeNull();
    await execution.shutdown(0);
  });
});
