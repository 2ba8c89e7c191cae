import { insertTenant, type Tenant } from "@gantry/db/testing";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { until } from "../testing/until.ts";
import { createRefusalRecorder, type RefusalRecorder, type RefusedRun } from "./refusal-recorder.ts";

let harness: Harness;
let tenant: Tenant;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());
beforeEach(async () => {
  tenant = await insertTenant(harness.database.db);
});

function open(bounds: { readonly queueMax?: number; readonly batchMax?: number } = {}) {
  const told: unknown[] = [];
  const recorder = createRefusalRecorder(harness.database.sql, {
    queueMax: 100,
    batchMax: 10,
    everyMs: 600_000,
    onError: (error) => told.push(error),
    ...bounds,
  });
  return { recorder, told };
}

function refused(overrides: Partial<RefusedRun> = {}): RefusedRun {
  return {
    id: uuidv7(),
    workspaceId: tenant.workspaceId,
    workflowId: tenant.workflowId,
    versionId: tenant.versionId,
    profile: "api",
    actorUserId: tenant.userId,
    apiKeyId: tenant.apiKeyId,
    payerId: tenant.payerId,
    plan: "free",
    refusalCode: "RATE_LIMITED",
    decision: [{ gate: "rate", verdict: "refuse", code: "RATE_LIMITED", numbers: { remaining: 0 } }],
    timings: { factsMs: 1, gatesMs: 1, claimMs: 1, definitionMs: 1, definition: "hit", totalMs: 4 },
    at: Date.UTC(2026, 0, 2),
    ...overrides,
  };
}

async function kept(): Promise<number> {
  const rows = await harness.database.sql`SELECT 1 FROM runs WHERE workflow_id = ${tenant.workflowId}`;
  return rows.length;
}

function recordMany(recorder: RefusalRecorder, count: number): boolean[] {
  return Array.from({ length: count }, () => recorder.record(refused()));
}

test("refusals are written in batches, each once, however often a batch is sent", async () => {
  const { recorder, told } = open();
  const twice = refused();
  expect([recorder.record(twice), recorder.record(twice)]).toEqual([true, true]);
  recordMany(recorder, 25);
  expect(recorder.stats()).toEqual({ queued: 27, written: 0, dropped: 0 });
  await Promise.all([recorder.flush(), recorder.flush(), recorder.close()]);
  expect(recorder.stats()).toEqual({ queued: 0, written: 26, dropped: 0 });
  expect(await kept()).toBe(26);
  expect(told).toEqual([]);
});

test("a queue that is full drops what comes, counts it, and says so at once", async () => {
  const { recorder } = open({ queueMax: 3 });
  expect(recordMany(recorder, 5)).toEqual([true, true, true, false, false]);
  expect(recorder.stats()).toEqual({ queued: 3, written: 0, dropped: 2 });
  await recorder.close();
  expect(await kept()).toBe(3);
});

test("what could not be written waits for the next turn, and is then written once", async () => {
  const { recorder, told } = open();
  recordMany(recorder, 15);
  await harness.database.sql`ALTER TABLE runs RENAME TO hidden`;
  try {
    await recorder.flush();
  } finally {
    await harness.database.sql`ALTER TABLE hidden RENAME TO runs`;
  }
  expect(told).toHaveLength(1);
  expect(recorder.stats()).toEqual({ queued: 15, written: 0, dropped: 0 });
  await recorder.close();
  expect(await kept()).toBe(15);
});

test("a workflow that was deleted meanwhile takes its records along and does not stop the others", async () => {
  const { recorder, told } = open();
  recorder.record(refused({ workflowId: "gone" }));
  recorder.record(refused());
  await recorder.close();
  expect(told).toEqual([]);
  expect(await kept()).toBe(1);
});

test("a refusal is answered while its record cannot be written, and is kept once it can", async () => {
  const { sql } = harness.database;
  await sql`UPDATE payers SET blocked_reason = 'dispute' WHERE id = ${tenant.payerId}`;
  const { apiKey, workflowId } = tenant;
  const before = harness.execution.stats().refusals;
  const runId = await sql.begin(async (tx) => {
    await tx`LOCK TABLE runs IN ACCESS EXCLUSIVE MODE`;
    const outcome = await harness.execution.start({ credential: withKey(apiKey), workflowId, input: {} });
    if (outcome.kind !== "refused") throw new Error("not refused");
    expect(outcome.refusal.code).toBe("PAYER_BLOCKED");
    expect(harness.execution.stats().refusals).toMatchObject({ queued: 1, dropped: 0 });
    return outcome.runId;
  });
  await until(() => harness.execution.stats().refusals.written === before.written + 1);
  const [row] = await sql`SELECT status, refusal_code, cost_micros FROM runs WHERE id = ${runId}`;
  expect(row).toEqual({ status: "refused", refusal_code: "PAYER_BLOCKED", cost_micros: "0" });
});
