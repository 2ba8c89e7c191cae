import { defaultBilling, defaultPlans, verifyLedger } from "@gantry/billing";
import { insertTenant, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agent, definitionOf, fn, start } from "../engine/testing/plans.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { readMoney } from "../testing/money.ts";
import { until } from "../testing/until.ts";
import type { Execution } from "./execution.ts";
import type { LiveRun } from "./live-run.ts";

// However a run ends: its slot and its hold are back before it is answered, and what it spent is settled, no more and no less.

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

const model = "claude-haiku-4-5";
const call = (name: string, prompt: string) => agent(name, prompt, { model });
const good = call("Good", "[[say hello]]");
/** Begins an answer and never ends it: what came in, and a word, were billed. */
const stalls = call("Stalls", "[[tokens 5]] [[pace 600000]]");
const afterGood = (block: ReturnType<typeof agent>) =>
  definitionOf([start(), good, block], ["Start -> Good", `Good -> ${block.id}`]);

async function stalling(run: LiveRun): Promise<void> {
  for await (const event of run.events(0)) {
    if (event.type === "text.chunk" && event.blockId === "Stalls") return;
  }
}

interface End {
  readonly how: string;
  readonly definition: unknown;
  readonly end?: (run: LiveRun, tenant: Tenant, through: Execution) => Promise<unknown>;
  readonly status: string;
  readonly code?: string;
  readonly charges: readonly string[];
}

const ends: readonly End[] = [
  {
    how: "it completes",
    definition: afterGood(call("Again", "[[say bye]]")),
    status: "completed",
    charges: ["base", "model:Again:1", "model:Good:1"],
  },
  {
    how: "a block fails that has spent nothing",
    definition: afterGood(call("Fails", "[[error 500]]")),
    status: "failed",
    code: "PROVIDER_FAILED",
    charges: ["base", "model:Good:1"],
  },
  {
    how: "an answer breaks off that was billed in part",
    definition: afterGood(call("Cut", "[[tokens 20]] [[cut]]")),
    status: "failed",
    code: "PROVIDER_FAILED",
    charges: ["base", "model:Cut:1", "model:Good:1"],
  },
  {
    how: "its first block fails",
    definition: definitionOf([start(), fn("F", "throw new Error('no')")], ["Start -> F"]),
    status: "failed",
    code: "CODE_THREW",
    charges: ["base"],
  },
  {
    how: "it is cancelled",
    definition: afterGood(stalls),
    end: async (run, { userId }, through) => {
      await stalling(run);
      const principal = { userId, apiKeyId: null, workspaceId: null };
      expect(await through.cancel({ principal, runId: run.runId })).toEqual({ kind: "cancelling" });
    },
    status: "cancelled",
    charges: ["base", "model:Good:1", "model:Stalls:1"],
  },
  {
    how: "its deadline comes",
    definition: afterGood(stalls),
    end: async (run) => {
      await stalling(run);
      run.cancel("deadline");
    },
    status: "failed",
    code: "DEADLINE_EXCEEDED",
    charges: ["base", "model:Good:1", "model:Stalls:1"],
  },
  {
    how: "whoever watches it leaves",
    definition: afterGood(call("Again", "[[say bye]]")),
    end: async (run) => {
      for await (const event of run.events(0)) if (event.type === "block.started") break;
    },
    status: "completed",
    charges: ["base", "model:Again:1", "model:Good:1"],
  },
  {
    how: "the process is shut down",
    definition: afterGood(stalls),
    end: async (run, _, through) => {
      await stalling(run);
      await through.shutdown(0);
    },
    status: "cancelled",
    charges: ["base", "model:Good:1", "model:Stalls:1"],
  },
];

test.each(ends.map((end) => [end.how, end] as const))("%s", async (_, end) => {
  const { database } = harness;
  const tenant = await insertTenant(database.db, { definition: end.definition });
  const through = harness.another();
  const { apiKey, workflowId, payerId } = tenant;
  const outcome = await through.start({ credential: withKey(apiKey), workflowId, input: {} });
  if (outcome.kind !== "admitted") throw new Error("not admitted");
  const { run } = outcome;
  await end.end?.(run, tenant, through);
  const finished = await run.finished;

  expect([finished.status, finished.error?.code]).toEqual([end.status, end.code]);
  const entries = await database.sql<{ key: string; amount: number }[]>`
    SELECT replace(event_key, ${`${run.runId}:`}, '') AS key, amount_micros::int AS amount
      FROM ledger_entries WHERE run_id = ${run.runId} ORDER BY 1`;
  expect(entries.map(({ key }) => key)).toEqual(end.charges);
  expect(entries.every(({ amount }) => amount > 0)).toBe(true);
  expect(finished.costMicros).toBe(entries.reduce((sum, { amount }) => sum + amount, 0));
  expect(await readMoney(database, payerId)).toEqual({
    settledMicros: finished.costMicros,
    heldMicros: 0,
    totalMicros: finished.costMicros,
  });
  expect(await database.sql`SELECT 1 FROM slots WHERE payer_id = ${payerId}`).toHaveLength(0);
  expect((await verifyLedger(database.sql)).differences).toEqual([]);
});

test("before it reached a block: it costs nothing, and its slot and hold are back", async () => {
  const { database } = harness;
  const tenant = await insertTenant(database.db);
  const none = harness.another({
    async *runPlan() {
      yield { type: "run.started", seq: 1, at: Date.now() };
      yield { type: "run.cancelled", seq: 2, at: Date.now(), reason: "requested", durationMs: 0 };
    },
  });
  const { apiKey, workflowId, payerId } = tenant;
  const outcome = await none.start({ credential: withKey(apiKey), workflowId, input: {} });
  if (outcome.kind !== "admitted") throw new Error("not admitted");
  expect(await outcome.run.finished).toMatchObject({ status: "cancelled", costMicros: 0 });
  expect(await readMoney(database, payerId)).toEqual({ settledMicros: 0, heldMicros: 0, totalMicros: 0 });
});

test("its plan's deadline comes by itself: the run ends, and what was spent is settled", async () => {
  const { database } = harness;
  const free = { ...defaultPlans.free, syncDeadlineMs: 200 };
  const hasty = harness.another({ billing: { ...defaultBilling, plans: { ...defaultPlans, free } } });
  const { apiKey, workflowId, payerId } = await insertTenant(database.db, { definition: afterGood(stalls) });
  const outcome = await hasty.start({ credential: withKey(apiKey), workflowId, input: {} });
  if (outcome.kind !== "admitted") throw new Error("not admitted");
  const { error, costMicros } = await outcome.run.finished;
  expect(error?.code).toBe("DEADLINE_EXCEEDED");
  expect(await readMoney(database, payerId)).toMatchObject({ settledMicros: costMicros, heldMicros: 0 });
});

test("the engine itself breaks: the run is lost with its lease, and nothing is held for ever", async () => {
  const { database } = harness;
  const tenant = await insertTenant(database.db);
  const broken = harness.another({
    leaseMs: 300,
    heartbeatMs: 30,
    // oxlint-disable-next-line require-yield
    async *runPlan() {
      throw new Error("a broken invariant");
    },
  });
  const { apiKey, workflowId, payerId } = tenant;
  const outcome = await broken.start({ credential: withKey(apiKey), workflowId, input: {} });
  if (outcome.kind !== "admitted") throw new Error("not admitted");
  await expect(outcome.run.finished).rejects.toThrow("a broken invariant");
  await until(async () => {
    const rows = await database.sql`SELECT 1 FROM runs WHERE id = ${outcome.run.runId} AND status = 'lost'`;
    return rows.length === 1;
  });
  expect(await readMoney(database, payerId)).toEqual({ settledMicros: 0, heldMicros: 0, totalMicros: 0 });
});
