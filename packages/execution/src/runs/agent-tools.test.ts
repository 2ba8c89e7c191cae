import { defaultBilling, verifyLedger } from "@gantry/billing";
import { insertMember, insertSubscription, insertTenant, insertWorkflow } from "@gantry/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { agent, definitionOf, fnTool, response, start, workflowTool } from "../engine/testing/plans.ts";
import { type OrganizationTenant, payByOrganization } from "../testing/failing-gates.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { readMoney } from "../testing/money.ts";
import type { Execution } from "./execution.ts";

// What an agent's rounds and the workflows that it calls cost, from the real SDK to the ledger.

let harness: Harness;
let execution: Execution;
let tenant: OrganizationTenant;
beforeAll(async () => {
  harness = await startHarness();
  // Every call must top up.
  execution = harness.another({ billing: { ...defaultBilling, holdSliceMicros: 1 } });
});
afterAll(() => harness[Symbol.asyncDispose]());
beforeEach(async () => {
  const { db } = harness.database;
  tenant = await payByOrganization(harness.database, await insertTenant(db));
  const { organizationId, userId } = tenant;
  await insertSubscription(db, { organizationId, plan: "team", seats: 2 });
  await insertMember(db, { organizationId, userId });
});

const model = "claude-haiku-4-5";

async function insert(definition: unknown, name = "Workflow"): Promise<string> {
  const { workspaceId, userId: ownerId } = tenant;
  return (await insertWorkflow(harness.database.db, { workspaceId, ownerId, definition, name })).id;
}

async function run(workflowId: string) {
  const outcome = await execution.start({ credential: withKey(tenant.apiKey), workflowId, input: {} });
  if (outcome.kind !== "admitted") throw new Error(`not admitted: ${JSON.stringify(outcome)}`);
  const { runId } = outcome.run;
  return { runId, finished: await outcome.run.finished };
}

interface Entry {
  readonly key: string;
  readonly payer_id: string;
  readonly user_id: string;
  readonly workspace_id: string;
  readonly amount: number;
}

async function ledgerOf(runId: string): Promise<readonly Entry[]> {
  return await harness.database.sql<Entry[]>`
    SELECT substr(event_key, ${runId.length + 2}::int) AS key, payer_id, user_id, workspace_id,
           amount_micros::int AS amount
      FROM ledger_entries WHERE run_id = ${runId} ORDER BY event_key COLLATE "C"`;
}

describe("a child workflow", () => {
  test("is charged to the payer, the member and the workspace of the run that called it, each call once", async () => {
    const child = await insert(
      definitionOf(
        [start(), agent("X", "[[say hello]]", { model }), response("R", "<X.text>")],
        ["Start -> X", "X -> R"],
      ),
      "Greeter",
    );
    const parent = agent("A", "[[tool greet greet]]", { model, tools: [workflowTool("greet", child)] });
    const workflowId = await insert(definitionOf([start(), parent], ["Start -> A"]));
    const { runId, finished } = await run(workflowId);
    expect(finished).toMatchObject({
      status: "completed",
      output: {
        A: {
          toolCalls: [
            { name: "greet", result: "hello" },
            { name: "greet", result: "hello" },
          ],
        },
      },
    });
    const entries = await ledgerOf(runId);
    expect(entries.map(({ key }) => key)).toEqual([
      "base",
      "model:A.1/X:1",
      "model:A.2/X:1",
      "model:A:1",
      "model:A:2",
    ]);
    const { payerId: payer_id, userId: user_id, workspaceId: workspace_id } = tenant;
    for (const entry of entries) expect(entry).toMatchObject({ payer_id, user_id, workspace_id });
    expect(entries.every(({ amount }) => amount > 0)).toBe(true);
    expect(entries.reduce((sum, { amount }) => sum + amount, 0)).toBe(finished.costMicros);
    expect(await readMoney(harness.database, tenant.payerId)).toEqual({
      settledMicros: finished.costMicros,
      heldMicros: 0,
      totalMicros: finished.costMicros,
    });
    const [member] = await harness.database.sql<{ micros: number }[]>`
      SELECT settled_micros::int AS micros FROM member_usage_counters WHERE user_id = ${tenant.userId}`;
    expect(member?.micros).toBe(finished.costMicros);
    expect((await verifyLedger(harness.database.sql)).differences).toEqual([]);
  });

  test("takes no slot, no rate token and no base charge of its own, and leaves no run", async () => {
    const child = await insert(definitionOf([start()], []));
    const parent = agent("A", "[[tool c c c]]", { model, tools: [workflowTool("c", child)] });
    const workflowId = await insert(definitionOf([start(), parent], ["Start -> A"]));
    const { runId } = await run(workflowId);
    expect((await ledgerOf(runId)).map(({ key }) => key)).toEqual(["base", "model:A:1", "model:A:2"]);
    const runs = await harness.database.sql`SELECT id FROM runs WHERE workspace_id = ${tenant.workspaceId}`;
    expect(runs).toHaveLength(1);
    const spans = await harness.database
      .sql`SELECT block_id FROM block_spans WHERE run_id = ${runId} ORDER BY 1`;
    expect(spans.map(({ block_id }) => block_id)).toEqual(["A", "Start"]);
  });

  test("of another workspace is as if it were not there", async () => {
    const stranger = await insertTenant(harness.database.db);
    const parent = agent("A", "[[tool c]]", { model, tools: [workflowTool("c", stranger.workflowId)] });
    const { finished } = await run(await insert(definitionOf([start(), parent], ["Start -> A"])));
    expect(finished.output).toMatchObject({
      A: { toolCalls: [{ isError: true, result: "There is no such workflow in this workspace." }] },
    });
  });
});

test("a block that fails in a later round is charged for the rounds before it, once", async () => {
  const failing = agent("A", "[[tool go]]", { model, tools: [fnTool("go", "return '[[error 400]]'")] });
  const { runId, finished } = await run(await insert(definitionOf([start(), failing], ["Start -> A"])));
  expect(finished).toMatchObject({ status: "failed", error: { blockId: "A" } });
  const entries = await ledgerOf(runId);
  expect(entries.map(({ key }) => key)).toEqual(["base", "model:A:1"]);
  expect(entries.reduce((sum, { amount }) => sum + amount, 0)).toBe(finished.costMicros);
});

test("a run does not wait for a provider that asks it to come back after its deadline", async () => {
  // A run of this plan may take 3,000 s.
  const limited = agent("A", "[[error 429 retry-after=3001]]", { model });
  const { finished } = await run(await insert(definitionOf([start(), limited], ["Start -> A"])));
  expect(finished).toMatchObject({ status: "failed", error: { code: "PROVIDER_FAILED", blockId: "A" } });
});
