import { insertTenant, startTcpProxy, type TcpProxy, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { spending } from "../testing/spending.ts";
import { until } from "../testing/until.ts";

let harness: Harness;
let proxy: TcpProxy;
let tenant: Tenant;

beforeAll(async () => {
  // The proxy must be there before the service, and the service's database before the proxy.
  let proxied: Promise<TcpProxy> | undefined;
  harness = await startHarness({
    deps: { storeTimeoutMs: 500, heartbeatMs: 100 },
    proxy: async (url) => {
      proxied = startTcpProxy({ target: { host: url.hostname, port: Number(url.port) } });
      return (await proxied).port;
    },
  });
  if (proxied === undefined) throw new Error("The harness asked for no proxy.");
  proxy = await proxied;
});
afterAll(async () => {
  await proxy.restore();
  await harness[Symbol.asyncDispose]();
  await proxy.close();
});
beforeEach(async () => {
  tenant = await insertTenant(harness.database.db);
});

function start() {
  return harness.execution.start({
    credential: withKey(tenant.apiKey),
    workflowId: tenant.workflowId,
    input: {},
  });
}

/** Waits for the end, so that no settlement falls into what the next test compares. */
async function expectAdmitted(): Promise<void> {
  const outcome = await start();
  if (outcome.kind !== "admitted") throw new Error(`Not admitted: ${JSON.stringify(outcome)}`);
  await outcome.run.finished;
}

async function becomesAdmitted(): Promise<void> {
  await until(async () => {
    const outcome = await start();
    if (outcome.kind === "admitted") await outcome.run.finished;
    return outcome.kind === "admitted";
  });
}

const unavailable = {
  kind: "refused",
  refusal: { code: "ADMISSION_UNAVAILABLE", status: 503, retryable: true, retryAfterMs: 1_000, numbers: {} },
};

test("a database that is gone refuses with 503, spends nothing, and the next run after its return is admitted", async () => {
  await expectAdmitted();
  await proxy.cut();
  const refused = await start();
  expect(refused).toMatchObject(unavailable);
  expect(JSON.stringify(refused)).not.toMatch(/select|ECONN|stack|postgres/i);
  await proxy.restore();
  await becomesAdmitted();
});

test("a database that accepts and never answers refuses with 503 within the store's time", async () => {
  const before = await spending(harness.database);
  proxy.stall();
  expect(await start()).toMatchObject(unavailable);
  await proxy.restore();
  await becomesAdmitted();
  expect(before.ledger.length).toBeLessThanOrEqual((await spending(harness.database)).ledger.length);
});

/** Every table that facts or claim read or write. */
const tables = [
  "api_keys",
  "workflows",
  "workspaces",
  "workspace_permissions",
  "workflow_versions",
  "payers",
  "subscriptions",
  "members",
  "usage_counters",
  "member_limits",
  "member_usage_counters",
  "bans",
  "environment_values",
  "provider_keys",
  "slots",
  "rate_buckets",
];

test.each(tables)(
  "without %s a run is refused with 503, never with 401, 402 or 404, and nothing is spent",
  async (table) => {
    const { sql } = harness.database;
    const before = await spending(harness.database);
    await sql.unsafe(`ALTER TABLE ${table} RENAME TO hidden`);
    try {
      expect(await start()).toMatchObject(unavailable);
      expect(
        await harness.execution.explain({
          credential: withKey(tenant.apiKey),
          workflowId: tenant.workflowId,
          input: {},
        }),
      ).toMatchObject({ refusal: { code: "ADMISSION_UNAVAILABLE" } });
    } finally {
      await sql.unsafe(`ALTER TABLE hidden RENAME TO ${table}`);
    }
    expect(await spending(harness.database)).toEqual(before);
    await expectAdmitted();
  },
);

test.each(tables)("while %s is locked a run is refused with 503, and nothing is spent", async (table) => {
  const { sql } = harness.database;
  const before = await spending(harness.database);
  await sql.begin(async (transaction) => {
    await transaction.unsafe(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    expect(await start()).toMatchObject(unavailable);
  });
  // What was waiting for the lock may be taken now; it is given back. Of this tenant alone: others' may still be.
  await until(async () => {
    const held = await sql`SELECT 1 FROM slots WHERE payer_id = ${tenant.payerId}`;
    const admitted = await sql`
      SELECT 1 FROM run_rows WHERE workflow_id = ${tenant.workflowId} AND status <> 'refused'`;
    return held.length === 0 && admitted.length === 0;
  });
  expect((await spending(harness.database)).ledger).toEqual(before.ledger);
});

test("a run that ends while the database is away is settled once it is back, and only then answered", async () => {
  const outcome = await start();
  if (outcome.kind !== "admitted") throw new Error("not admitted");
  await proxy.cut();
  let answered = false;
  const finished = outcome.run.finished.finally(() => {
    answered = true;
  });
  await until(() => answered || harness.told.some(({ what }) => what === "settlementDelayed"));
  const wasSettledBefore = answered;
  await proxy.restore();
  expect(await finished).toMatchObject({ status: "completed", costMicros: 5_000 });
  const ledger = await harness.database.sql`
    SELECT 1 FROM ledger_entries WHERE run_id = ${outcome.run.runId}`;
  expect(ledger).toHaveLength(1);
  expect(wasSettledBefore || answered).toBe(true);
});
