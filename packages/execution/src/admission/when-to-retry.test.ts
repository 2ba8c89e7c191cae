import { insertTenant, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { LiveRun } from "../runs/live-run.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { runUntilCancelled } from "../testing/run-until-cancelled.ts";
import type { Refusal } from "./refusal.ts";

// When a slot or a hold is expected to come back: what the refused are told to wait.

let harness: Harness;
let tenant: Tenant;
const running: LiveRun[] = [];
beforeAll(async () => {
  harness = await startHarness({ runPlan: runUntilCancelled });
});
afterAll(() => harness[Symbol.asyncDispose]());
beforeEach(async () => {
  tenant = await insertTenant(harness.database.db);
});

async function start() {
  const { apiKey, workflowId } = tenant;
  const outcome = await harness.execution.start({ credential: withKey(apiKey), workflowId, input: {} });
  if (outcome.kind === "admitted") running.push(outcome.run);
  return outcome;
}

async function occupy(): Promise<LiveRun> {
  const outcome = await start();
  if (outcome.kind !== "admitted") throw new Error(`not admitted: ${JSON.stringify(outcome)}`);
  return outcome.run;
}

async function refusal(): Promise<Refusal> {
  const outcome = await start();
  if (outcome.kind !== "refused") throw new Error(`not refused: ${outcome.kind}`);
  return outcome.refusal;
}

const usually = (ms: number | null) =>
  harness.database.sql`UPDATE workflows SET typical_run_ms = ${ms} WHERE id = ${tenant.workflowId}`;
const limit = (limits: { slots?: number; micros?: number }) => harness.database.sql`
  UPDATE payers SET concurrent_runs_max = ${limits.slots ?? null}, usage_limit_micros = ${limits.micros ?? null}
   WHERE id = ${tenant.payerId}`;

/** At most so long, and not much less: the machine may be slow, but not by 20 s. */
const about = (expectedMs: number) => (retryAfterMs: number | null) =>
  retryAfterMs !== null && retryAfterMs <= expectedMs && retryAfterMs > expectedMs - 20_000;

test("a slot is expected back when the payer's first run usually ends", async () => {
  await limit({ slots: 2 });
  await usually(200_000);
  await occupy();
  await usually(80_000);
  await occupy();
  const { code, retryAfterMs } = await refusal();
  expect(code).toBe("CONCURRENCY_LIMIT");
  expect(retryAfterMs).toSatisfy(about(80_000));
});

test("so is a hold", async () => {
  await limit({ micros: 9_000 });
  await usually(120_000);
  await occupy();
  const { code, status, retryAfterMs } = await refusal();
  expect([code, status]).toEqual(["PAYER_HEADROOM", 402]);
  expect(retryAfterMs).toSatisfy(about(120_000));
});

test("never later than the deadline ends the run; within 30 s while nobody knows how long its runs take", async () => {
  await limit({ slots: 1 });
  await usually(9_000_000);
  const run = await occupy();
  // The free plan's deadline of a run that somebody waits for.
  expect((await refusal()).retryAfterMs).toSatisfy(about(300_000));
  run.cancel("requested");
  await run.finished;
  await usually(null);
  await occupy();
  expect((await refusal()).retryAfterMs).toSatisfy(about(30_000));
});

test("at once, never in the past, when a run takes longer than it usually does", async () => {
  await limit({ slots: 1 });
  const run = await occupy();
  await harness.database.sql`
    UPDATE slots SET expected_end_at = now() - interval '1 hour' WHERE run_id = ${run.runId}`;
  expect(await refusal()).toMatchObject({ code: "CONCURRENCY_LIMIT", retryable: true, retryAfterMs: 1 });
});

test("not at all where no run would free anything, and where only the period's end helps", async () => {
  await limit({ slots: 0 });
  expect(await refusal()).toMatchObject({
    code: "CONCURRENCY_LIMIT",
    retryable: false,
    retryAfterMs: null,
  });
  await limit({ micros: 4_999 });
  expect(await refusal()).toMatchObject({
    code: "USAGE_LIMIT_EXCEEDED",
    retryable: false,
    retryAfterMs: null,
  });
});
