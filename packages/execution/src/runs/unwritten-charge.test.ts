import { verifyLedger } from "@gantry/billing";
import { openDatabase } from "@gantry/db";
import { insertTenant, startTcpProxy, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ClaimStore } from "../claim/port.ts";
import { createPostgresClaimStore } from "../claim/postgres/claim-store.ts";
import { agent, definitionOf, start } from "../engine/testing/plans.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { readMoney } from "../testing/money.ts";
import { until } from "../testing/until.ts";
import type { LiveRun } from "./live-run.ts";

// What a model call has cost is written while the run goes on. When that fails, the run goes on, too.

let harness: Harness;
let tenant: Tenant;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

const model = "claude-haiku-4-5";
const twoCalls = definitionOf(
  [start(), agent("A", "[[say hello]]", { model }), agent("B", "[[say hello]]", { model })],
  ["Start -> A", "A -> B"],
);
beforeEach(async () => {
  tenant = await insertTenant(harness.database.db, { definition: twoCalls });
});

async function startWith(claims: Partial<ClaimStore>): Promise<LiveRun> {
  const execution = harness.another({
    claims: { ...createPostgresClaimStore(harness.database.sql), ...claims },
  });
  const outcome = await execution.start({
    credential: withKey(tenant.apiKey),
    workflowId: tenant.workflowId,
    input: {},
  });
  if (outcome.kind !== "admitted") throw new Error("not admitted");
  return outcome.run;
}

const wasTold = (what: string) => harness.told.some((one) => one.what === what);

/** How a run was charged, as ledger, counter and the run itself say. */
async function chargesOf({ runId, finished }: LiveRun) {
  const { database } = harness;
  const { status, costMicros } = await finished;
  const entries = await database.sql<{ key: string; amount: number }[]>`
    SELECT replace(event_key, ${`${runId}:`}, '') AS key, amount_micros::int AS amount
      FROM ledger_entries WHERE run_id = ${runId} ORDER BY 1`;
  const { settledMicros, heldMicros } = await readMoney(database, tenant.payerId);
  return {
    status,
    entries: entries.map(({ key }) => key),
    hasFreeEntry: entries.some(({ amount }) => amount === 0),
    isSumOfEntries: costMicros === entries.reduce((sum, { amount }) => sum + amount, 0),
    isSettled: settledMicros === costMicros,
    heldMicros,
    differences: (await verifyLedger(database.sql)).differences,
  };
}

/** The base charge and each call exactly once. */
const once = {
  status: "completed",
  entries: ["base", "model:A:1", "model:B:1"],
  hasFreeEntry: false,
  isSumOfEntries: true,
  isSettled: true,
  heldMicros: 0,
  differences: [],
};

test("a ledger that is locked delays a charge and not the run; it is made once, at settlement", async () => {
  const { database } = harness;
  const impatient = openDatabase({
    url: database.url,
    poolMax: 4,
    applicationName: "impatient",
    statementTimeoutMs: 200,
  });
  try {
    const store = createPostgresClaimStore(impatient.sql);
    const run = await database.sql.begin(async (tx) => {
      await tx`LOCK TABLE ledger_entries IN ACCESS EXCLUSIVE MODE`;
      const started = await startWith({ settleCall: store.settleCall, settle: store.settle });
      await until(() => wasTold("accountError") && wasTold("settlementDelayed"));
      return started;
    });
    expect(await chargesOf(run)).toEqual(once);
  } finally {
    await impatient.close();
  }
});

test("a connection that is cut before a charge is written: the charge is made once, at settlement", async () => {
  const through = new URL(harness.database.url);
  await using proxy = await startTcpProxy({ target: { host: through.hostname, port: Number(through.port) } });
  through.port = String(proxy.port);
  const cuttable = openDatabase({ url: through.href, poolMax: 2, applicationName: "cuttable" });
  try {
    const store = createPostgresClaimStore(cuttable.sql);
    const told = harness.told.length;
    const run = await startWith({
      settleCall: async (call) => {
        await proxy.cut();
        try {
          await store.settleCall(call);
        } finally {
          await proxy.restore();
        }
      },
    });
    await run.finished;
    expect(harness.told.slice(told).map(({ what }) => what)).toContain("accountError");
    expect(await chargesOf(run)).toEqual(once);
  } finally {
    await cuttable.close();
  }
});

test("a charge that was written, but whose answer never came, is not made again", async () => {
  const store = createPostgresClaimStore(harness.database.sql);
  const told = harness.told.length;
  const run = await startWith({
    settleCall: async (call) => {
      await store.settleCall(call);
      throw new Error("The connection was cut.");
    },
  });
  await run.finished;
  expect(harness.told.slice(told).map(({ what }) => what)).toEqual(["accountError", "accountError"]);
  expect(await chargesOf(run)).toEqual(once);
});

test("a charge that is written many times at once, and again after the end, is made once", async () => {
  const store = createPostgresClaimStore(harness.database.sql);
  const late: (() => Promise<void>)[] = [];
  const run = await startWith({
    settleCall: async (call) => {
      late.push(() => store.settleCall(call));
      await Promise.all(Array.from({ length: 6 }, () => store.settleCall(call)));
    },
  });
  await run.finished;
  for (const again of late) await again();
  expect(await chargesOf(run)).toEqual(once);
});
