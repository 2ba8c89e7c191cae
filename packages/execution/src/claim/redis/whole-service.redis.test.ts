import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { verifyLedger } from "@gantry/billing";
import { insertTenant, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agent, definitionOf, start } from "../../engine/testing/plans.ts";
import type { Execution } from "../../runs/execution.ts";
import type { StartOutcome } from "../../runs/start-run.ts";
import type { DoomedTask } from "../../testing/doomed-process.ts";
import { type Harness, startHarness, withKey } from "../../testing/harness.ts";
import { type RedisServer, startRedisServer } from "../../testing/redis-server.ts";
import { until } from "../../testing/until.ts";
import type { ClaimStore } from "../port.ts";
import { createRedisClaimStore } from "./claim-store.ts";
import { openRedis, type RedisClient } from "./open-redis.ts";

const model = "claude-haiku-4-5";
let harness: Harness;
let server: RedisServer;
let client: RedisClient;
let claims: ClaimStore;
/** The service with its claims in Redis; it beats often, so that tests need not wait. */
let execution: Execution;

beforeAll(async () => {
  [harness, server] = await Promise.all([startHarness(), startRedisServer()]);
  client = openRedis(server.url, () => {});
  await once(client.redis, "ready");
  claims = createRedisClaimStore({ redis: client.redis, sql: harness.database.sql, prefix: "gantry" });
  execution = harness.another({ hotClaims: claims, claims, heartbeatMs: 100 });
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
  client.close();
  await server[Symbol.asyncDispose]();
});

function startOne({ apiKey, workflowId }: Tenant): Promise<StartOutcome> {
  return execution.start({ credential: withKey(apiKey), workflowId, input: {} });
}

async function endOf(outcome: StartOutcome) {
  if (outcome.kind !== "admitted") throw new Error(`Not admitted: ${JSON.stringify(outcome)}`);
  return await outcome.run.finished;
}

async function inUseBy({ payerId, userId }: Tenant) {
  return await claims.inUse({ payerId, userId }, { sync: null, async: null });
}

test("of 300 runs at once exactly as many are admitted and charged as the limit pays for, and the next is told so", async () => {
  const { db, sql } = harness.database;
  const tenant = await insertTenant(db);
  await sql`UPDATE payers SET usage_limit_micros = 104999, sync_runs_per_minute = 100000,
                              concurrent_runs_max = 100000 WHERE id = ${tenant.payerId}`;
  const outcomes = await Promise.all(Array.from({ length: 300 }, () => startOne(tenant)));
  const admitted = outcomes.filter(({ kind }) => kind === "admitted");
  await Promise.all(admitted.map(endOf));
  expect(admitted).toHaveLength(20);
  const [counter] = await sql`
    SELECT settled_micros::int AS micros FROM usage_counters WHERE payer_id = ${tenant.payerId}`;
  expect(counter).toEqual({ micros: 100_000 });
  expect(await startOne(tenant)).toMatchObject({ refusal: { code: "USAGE_LIMIT_EXCEEDED" } });
  expect(await inUseBy(tenant)).toMatchObject({ slots: 0, heldMicros: 0 });
});

test("a run with a model call tops up, is charged for it while it goes on, and ends with nothing held", async () => {
  const definition = definitionOf([start(), agent("Agent", "hello", { model })], ["Start -> Agent"]);
  const tenant = await insertTenant(harness.database.db, { definition });
  const finished = await endOf(await startOne(tenant));
  expect(finished).toMatchObject({ status: "completed", error: null });
  expect(finished.costMicros).toBeGreaterThan(5_000);
  expect(await inUseBy(tenant)).toMatchObject({ slots: 0, heldMicros: 0, memberHeldMicros: 0 });
  expect((await verifyLedger(harness.database.sql)).differences).toEqual([]);
});

test("a run is seen by everybody as soon as it is started, and cancelled from wherever", async () => {
  const definition = definitionOf([start(), agent("Hangs", "[[stall]]", { model })], ["Start -> Hangs"]);
  const tenant = await insertTenant(harness.database.db, { definition });
  const outcome = await startOne(tenant);
  if (outcome.kind !== "admitted") throw new Error("not admitted");
  const principal = { userId: tenant.userId, apiKeyId: null, workspaceId: null };
  const { runId } = outcome.run;
  await until(async () => (await harness.execution.get({ principal, runId })) !== null);
  const other = harness.another({ hotClaims: claims, claims });
  expect(await other.cancel({ principal, runId })).toEqual({ kind: "cancelling" });
  expect(await outcome.run.finished).toMatchObject({ status: "cancelled" });
  expect(await inUseBy(tenant)).toMatchObject({ slots: 0, heldMicros: 0 });
});

// Node 20 runs no TypeScript: the built file is used. Tests run after a build.
const program = fileURLToPath(new URL("../../../dist/testing/doomed-process.js", import.meta.url));

async function startDoomed(task: DoomedTask): Promise<ChildProcess & Disposable> {
  const child = spawn(process.execPath, [program, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const doomed = Object.assign(child, { [Symbol.dispose]: () => void child.kill("SIGKILL") });
  const [said] = await once(child.stdout, "data");
  expect(String(said)).toBe(`${task.runs} admitted\n`);
  return doomed;
}

test("kill -9 between model calls: what the finished ones cost stays charged, once; slots and holds are back with the lease", async () => {
  const { database, models } = harness;
  const { sql, db, url } = database;
  const definition = definitionOf(
    [start(), agent("Done", "[[say hello]]", { model }), agent("Hangs", "[[stall]]", { model })],
    ["Start -> Done", "Done -> Hangs"],
  );
  const tenant = await insertTenant(db, { definition });
  const { apiKey, workflowId, payerId } = tenant;
  await sql`UPDATE payers SET concurrent_runs_max = 5 WHERE id = ${payerId}`;
  using child = await startDoomed({
    url,
    redisUrl: server.url,
    apiKey,
    workflowId,
    runs: 5,
    leaseMs: 1_500,
    models: { url: models.url, ca: models.ca },
  });
  const charges = () => sql<{ amount: number }[]>`
    SELECT amount_micros::int AS amount FROM ledger_entries WHERE payer_id = ${payerId}`;
  await until(async () => (await charges()).length === 5);
  // Its heartbeat keeps them: nobody else may start.
  expect(await startOne(tenant)).toMatchObject({ refusal: { code: "CONCURRENCY_LIMIT" } });

  child.kill("SIGKILL");
  const lost = () => sql<{ cost: number }[]>`
    SELECT cost_micros::int AS cost FROM runs WHERE payer_id = ${payerId} AND status = 'lost'`;
  await until(async () => (await lost()).length === 5);
  const entries = await charges();
  expect(entries).toHaveLength(5);
  expect((await lost()).map(({ cost }) => cost)).toEqual(entries.map(({ amount }) => amount));
  // PostgreSQL ends the runs first; Redis lets go of their slots after it.
  await until(async () => (await inUseBy(tenant)).slots === 0);
  expect(await inUseBy(tenant)).toMatchObject({ slots: 0, heldMicros: 0 });
  expect(await sql`SELECT 1 FROM slots WHERE payer_id = ${payerId}`).toHaveLength(0);
  expect((await verifyLedger(sql)).differences).toEqual([]);
  const again = await startOne(tenant);
  expect(again.kind).toBe("admitted");
  if (again.kind === "admitted") again.run.cancel("requested");
});
