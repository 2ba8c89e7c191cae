import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { verifyLedger } from "@gantry/billing";
import { insertTenant, type TestDatabase } from "@gantry/db/testing";
import { expect, test } from "vitest";
import { agent, definitionOf, start } from "../engine/testing/plans.ts";
import type { DoomedTask } from "../testing/doomed-process.ts";
import { startHarness, withKey } from "../testing/harness.ts";
import { readMoney } from "../testing/money.ts";
import { until } from "../testing/until.ts";

// Node 20 runs no TypeScript: the built file is used. Tests run after a build.
const program = fileURLToPath(new URL("../../dist/testing/doomed-process.js", import.meta.url));
const leaseMs = 1_500;
const heartbeatMs = 100;

/** A process that has started so many runs; killed on disposal. */
async function startDoomed(task: Omit<DoomedTask, "leaseMs">): Promise<ChildProcess & Disposable> {
  const child = spawn(process.execPath, [program, JSON.stringify({ ...task, leaseMs })], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const doomed = Object.assign(child, { [Symbol.dispose]: () => void child.kill("SIGKILL") });
  const [said] = await once(child.stdout, "data");
  expect(String(said)).toBe(`${task.runs} admitted\n`);
  return doomed;
}

async function lostRuns({ sql }: TestDatabase): Promise<number> {
  const rows = await sql`SELECT 1 FROM runs WHERE status = 'lost'`;
  return rows.length;
}

test("kill -9 of a process gives its slots and holds back, and its runs are lost without a charge", async () => {
  await using harness = await startHarness({ deps: { heartbeatMs } });
  const { sql, db, url } = harness.database;
  const tenant = await insertTenant(db);
  await sql`UPDATE payers SET concurrent_runs_max = 5 WHERE id = ${tenant.payerId}`;
  const { apiKey, workflowId } = tenant;
  const request = { credential: withKey(apiKey), workflowId, input: {} };
  using child = await startDoomed({ url, apiKey, workflowId, runs: 5 });
  // Its heartbeat keeps them: nobody else may start.
  expect(await harness.execution.start(request)).toMatchObject({ refusal: { code: "CONCURRENCY_LIMIT" } });

  child.kill("SIGKILL");
  await until(async () => (await harness.execution.start(request)).kind === "admitted");
  await until(async () => (await lostRuns(harness.database)) === 5);
  const charged = await sql`
    SELECT 1 FROM ledger_entries l JOIN runs r ON r.id = l.run_id WHERE r.status = 'lost'`;
  expect(charged).toHaveLength(0);
  const held = await sql`SELECT 1 FROM slots s JOIN runs r ON r.id = s.run_id`;
  expect(held).toHaveLength(0);
});

test("kill -9 between model calls: what the finished ones cost stays charged, once; slots and holds are back with the lease", async () => {
  await using harness = await startHarness({ deps: { heartbeatMs } });
  const { database, models } = harness;
  const { sql, db, url } = database;
  const model = "claude-haiku-4-5";
  const definition = definitionOf(
    [start(), agent("Done", "[[say hello]]", { model }), agent("Hangs", "[[stall]]", { model })],
    ["Start -> Done", "Done -> Hangs"],
  );
  const tenant = await insertTenant(db, { definition });
  const { apiKey, workflowId, payerId } = tenant;
  using child = await startDoomed({
    url,
    apiKey,
    workflowId,
    runs: 5,
    models: { url: models.url, ca: models.ca },
  });
  const charges = () => sql<{ amount: number }[]>`
    SELECT amount_micros::int AS amount FROM ledger_entries WHERE payer_id = ${payerId}`;
  await until(async () => (await charges()).length === 5 && models.stats().requestsInFlight === 5);
  const before = await readMoney(database, payerId);
  expect(before.heldMicros).toBeGreaterThan(5 * 5_000);

  child.kill("SIGKILL");
  const leases = await sql<{ id: string; end: number }[]>`
    SELECT run_id AS id, extract(epoch FROM expires_at)::float8 AS end FROM slots WHERE payer_id = ${payerId}`;
  await until(async () => (await lostRuns(database)) === 5);

  const ends = await sql<{ id: string; ended: number; cost: number }[]>`
    SELECT id, extract(epoch FROM ended_at)::float8 AS ended, cost_micros::int AS cost FROM runs`;
  const entries = await charges();
  // The one call of each that had ended, and no base charge: the runs did not end by themselves.
  expect(entries).toHaveLength(5);
  expect(entries.every(({ amount }) => amount > 0)).toBe(true);
  expect(ends.map(({ cost }) => cost)).toEqual(entries.map(({ amount }) => amount));
  expect(await readMoney(database, payerId)).toMatchObject({
    settledMicros: before.settledMicros,
    heldMicros: 0,
  });
  expect((await verifyLedger(sql)).differences).toEqual([]);
  expect(await sql`SELECT 1 FROM slots`).toHaveLength(0);
  // Not before the lease ran out, and with a heartbeat after it; the slack is for a machine that is busy otherwise.
  const leaseOf = new Map(leases.map(({ id, end }) => [id, end]));
  for (const { id, ended } of ends) {
    const end = leaseOf.get(id) ?? Number.NaN;
    expect(ended).toBeGreaterThanOrEqual(end);
    expect(ended - end).toBeLessThan(heartbeatMs / 1_000 + 10);
  }
});
