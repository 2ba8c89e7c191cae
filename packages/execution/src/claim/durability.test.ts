import { insertTenant, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EngineEvent } from "../engine/events.ts";
import { type RunPlan, runPlan } from "../engine/index.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { createClaimConfirmer } from "./claim-confirmer.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
});

const agentDefinition = {
  schemaVersion: 1,
  blocks: [
    { id: "start", name: "Start", type: "start", position: { x: 0, y: 0 }, inputs: [] },
    {
      id: "agent",
      name: "Agent",
      type: "agent",
      position: { x: 1, y: 0 },
      provider: "anthropic",
      model: "claude-haiku-4-5",
      prompt: "Say something.",
      maxTokens: 50,
    },
  ],
  edges: [{ id: "e", source: "start", sourceHandle: "out", target: "agent" }],
  variables: [],
};

function start(tenant: Tenant, execution = harness.execution) {
  return execution.start({ credential: withKey(tenant.apiKey), workflowId: tenant.workflowId, input: {} });
}

test("a run whose claim the database lost calls no provider, ends as lost and costs nothing", async () => {
  const tenant = await insertTenant(harness.database.db, { definition: agentDefinition });
  // What a crash in the moment after the claim would leave behind: a run that goes on, and no slot.
  const crashing: RunPlan = async function* (run, resources): AsyncGenerator<EngineEvent, void, undefined> {
    await harness.database.sql`DELETE FROM slots WHERE payer_id = ${tenant.payerId}`;
    yield* runPlan(run, resources);
  };
  const execution = harness.another({ runPlan: crashing });
  const before = harness.models.stats().requests;
  const outcome = await start(tenant, execution);
  if (outcome.kind !== "admitted") throw new Error("not admitted");
  expect(await outcome.run.finished).toMatchObject({ status: "lost", costMicros: 0 });
  expect(harness.models.stats().requests).toBe(before);
  expect(
    await harness.database.sql`SELECT 1 FROM ledger_entries WHERE run_id = ${outcome.run.runId}`,
  ).toHaveLength(0);
});

test("a run whose claim stands calls its provider and is charged for both", async () => {
  const tenant = await insertTenant(harness.database.db, { definition: agentDefinition });
  const before = harness.models.stats().requests;
  const outcome = await start(tenant);
  if (outcome.kind !== "admitted") throw new Error("not admitted");
  const finished = await outcome.run.finished;
  expect(finished).toMatchObject({ status: "completed", error: null });
  expect(finished.costMicros).toBeGreaterThan(5_000);
  expect(harness.models.stats().requests).toBe(before + 1);
  const [ledger] = await harness.database.sql`
    SELECT sum(amount_micros)::int AS total, count(*)::int AS entries FROM ledger_entries WHERE run_id = ${outcome.run.runId}`;
  expect(ledger).toEqual({ total: finished.costMicros, entries: 2 });
});

test("claims that wait for the disk together are confirmed by one statement, each with its own answer", async () => {
  const asked: (readonly string[])[] = [];
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const confirm = createClaimConfirmer(
    {
      async persist(_holder, runIds) {
        asked.push(runIds);
        await held;
        return runIds.filter((runId) => runId !== "gone");
      },
    },
    "holder",
  );
  const first = confirm("first");
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
  const rest = [confirm("second"), confirm("gone"), confirm("third")];
  release();
  expect(await Promise.all([first, ...rest])).toEqual([true, true, false, true]);
  expect(asked).toEqual([["first"], ["second", "gone", "third"]]);
});

test("a store that fails once fails those who wait for it, and answers the next", async () => {
  let fail = true;
  const confirm = createClaimConfirmer(
    {
      persist(_holder, runIds) {
        if (!fail) return Promise.resolve(runIds);
        fail = false;
        return Promise.reject(new Error("away"));
      },
    },
    "holder",
  );
  await expect(confirm("a")).rejects.toThrow("away");
  expect(await confirm("b")).toBe(true);
});
