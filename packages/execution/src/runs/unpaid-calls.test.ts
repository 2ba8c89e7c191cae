import { defaultBilling, verifyLedger } from "@gantry/billing";
import { insertTenant, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requestOf } from "../claim/contract/requests.ts";
import { createPostgresClaimStore } from "../claim/postgres/claim-store.ts";
import { agent, definitionOf, response, start } from "../engine/testing/plans.ts";
import { payByOrganization } from "../testing/failing-gates.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { readMoney, watchMoney } from "../testing/money.ts";
import { until } from "../testing/until.ts";
import type { Execution } from "./execution.ts";

// A model call whose hold cannot be topped up, through the real engine and the real SDK.

let harness: Harness;
let execution: Execution;
beforeAll(async () => {
  harness = await startHarness();
  // Every call that is priced must top up.
  execution = harness.another({ billing: { ...defaultBilling, holdSliceMicros: 1 } });
});
afterAll(() => harness[Symbol.asyncDispose]());

const baseMicros = 5_000;
/** What a call of `cheap` is bounded by: about $0.0015. */
const cheap = (name: string) => agent(name, "[[say hello]]", { model: "claude-haiku-4-5", maxTokens: 40 });
/** About $0.0525. */
const dear = (name: string) => agent(name, "[[say hello]]", { model: "claude-haiku-4-5", maxTokens: 10_250 });

async function tenantOf(definition: unknown, usageLimitMicros: number): Promise<Tenant> {
  const tenant = await insertTenant(harness.database.db, { definition });
  await harness.database
    .sql`UPDATE payers SET usage_limit_micros = ${usageLimitMicros} WHERE id = ${tenant.payerId}`;
  return tenant;
}

async function run(tenant: Tenant) {
  const { workflowId } = tenant;
  const outcome = await execution.start({ credential: withKey(tenant.apiKey), workflowId, input: {} });
  if (outcome.kind !== "admitted") throw new Error(`not admitted: ${JSON.stringify(outcome)}`);
  const { runId } = outcome.run;
  const principal = { userId: tenant.userId, apiKeyId: null, workspaceId: null };
  const finished = await outcome.run.finished;
  return { runId, finished, view: await execution.get({ principal, runId }) };
}

/** Another run of the payer, elsewhere, that holds so much and is expected to end in 90 s. */
async function hold(tenant: Tenant, holdMicros: number): Promise<void> {
  const claims = createPostgresClaimStore(harness.database.sql);
  const { payerId, userId, workspaceId, workflowId } = tenant;
  const claim = requestOf(
    { payerId, userId, workspaceId, workflowId, countsForMember: true },
    { holdMicros, expectedMs: 90_000, rate: null },
  );
  expect(await claims.claim(claim)).toMatchObject({ result: "claimed" });
}

describe("a call that cannot be topped up", () => {
  test("while other runs hold what is left: its block and its run fail with PAYER_HEADROOM, its numbers, and when to try again", async () => {
    const tenant = await tenantOf(definitionOf([start(), dear("A")], ["Start -> A"]), 100_000);
    await hold(tenant, 60_000);
    const { finished, view } = await run(tenant);
    const refusal = {
      code: "PAYER_HEADROOM",
      status: 402,
      retryable: true,
      numbers: {
        neededMicros: expect.any(Number),
        settledMicros: 0,
        heldMicros: 60_000 + baseMicros + 1,
        limitMicros: 100_000,
        plan: "free",
        resetAt: expect.any(Number),
      },
    };
    expect(finished).toMatchObject({
      status: "failed",
      output: null,
      costMicros: baseMicros,
      error: { code: "PAYER_HEADROOM", blockId: "A", refusal },
    });
    expect(finished.error?.refusal?.retryAfterMs).toBeGreaterThan(60_000);
    expect(finished.error?.refusal?.retryAfterMs).toBeLessThanOrEqual(90_000);
    // The same is kept with the run, and with the block that failed.
    expect(view).toMatchObject({
      status: "failed",
      error: { code: "PAYER_HEADROOM", refusal },
      spans: [{ blockId: "Start" }, { blockId: "A", status: "failed", error: { refusal } }],
      charges: [{ kind: "base", amountMicros: baseMicros }],
    });
    expect(harness.models.stats().requests).toBe(0);
    expect(await readMoney(harness.database, tenant.payerId)).toMatchObject({
      settledMicros: baseMicros,
      heldMicros: 60_000,
    });
  });

  test("because of what is settled: it fails with USAGE_LIMIT_EXCEEDED, and waiting is not advised", async () => {
    const tenant = await tenantOf(definitionOf([start(), dear("A")], ["Start -> A"]), 20_000);
    const { finished } = await run(tenant);
    expect(finished).toMatchObject({
      status: "failed",
      costMicros: baseMicros,
      error: {
        code: "USAGE_LIMIT_EXCEEDED",
        refusal: { status: 402, retryable: false, retryAfterMs: null, numbers: { limitMicros: 20_000 } },
      },
    });
  });

  test("because of the member's own cap: it fails with MEMBER_HEADROOM or MEMBER_LIMIT_EXCEEDED", async () => {
    const definition = definitionOf([start(), dear("A")], ["Start -> A"]);
    const tenant = await payByOrganization(
      harness.database,
      await insertTenant(harness.database.db, { definition }),
    );
    const cap = (micros: number) => harness.database.sql`
      INSERT INTO member_limits VALUES (${tenant.payerId}, ${tenant.userId}, ${micros})
      ON CONFLICT (payer_id, user_id) DO UPDATE SET usage_limit_micros = ${micros}`;
    await cap(40_000);
    expect((await run(tenant)).finished).toMatchObject({
      error: { code: "MEMBER_LIMIT_EXCEEDED", refusal: { numbers: { memberLimitMicros: 40_000 } } },
    });
    await cap(90_000);
    await hold(tenant, 60_000);
    expect((await run(tenant)).finished).toMatchObject({
      error: {
        code: "MEMBER_HEADROOM",
        refusal: { numbers: { memberLimitMicros: 90_000, memberSettledMicros: baseMicros } },
      },
    });
  });

  test("takes the block's error edge, and the run goes on to its end", async () => {
    const definition = definitionOf(
      [start(), dear("A"), response("Answer", { why: "<A.error.code>" })],
      ["Start -> A", "A error -> Answer"],
    );
    const { finished, view } = await run(await tenantOf(definition, 20_000));
    expect(finished).toMatchObject({
      status: "completed",
      output: { why: "USAGE_LIMIT_EXCEEDED" },
      error: null,
      costMicros: baseMicros,
    });
    expect(view?.spans.map(({ blockId, status }) => [blockId, status])).toEqual([
      ["Start", "completed"],
      ["A", "failed"],
      ["Answer", "completed"],
    ]);
  });

  test("leaves what the run has spent before settled, once", async () => {
    const definition = definitionOf([start(), cheap("A"), dear("B")], ["Start -> A", "A -> B"]);
    const tenant = await tenantOf(definition, 30_000);
    const { runId, finished } = await run(tenant);
    expect(finished).toMatchObject({ status: "failed", error: { blockId: "B" } });
    const ledger = await harness.database.sql<{ event_key: string; amount: number }[]>`
      SELECT event_key, amount_micros::int AS amount FROM ledger_entries WHERE run_id = ${runId} ORDER BY 1`;
    expect(ledger.map(({ event_key }) => event_key)).toEqual([`${runId}:base`, `${runId}:model:A:1`]);
    expect(finished.costMicros).toBe(ledger.reduce((sum, { amount }) => sum + amount, 0));
    expect(finished.costMicros).toBeGreaterThan(baseMicros);
    expect(await readMoney(harness.database, tenant.payerId)).toEqual({
      settledMicros: finished.costMicros,
      heldMicros: 0,
      totalMicros: finished.costMicros,
    });
  });
});

test("of twelve blocks of one run that call at the same time, exactly as many do as the limit pays for", async () => {
  const names = Array.from({ length: 12 }, (_, index) => `A${index}`);
  const definition = definitionOf(
    [
      start(),
      ...names.map((name) => agent(name, "[[hang]]", { model: "claude-haiku-4-5", maxTokens: 10_250 })),
      response("Sink", "done"),
    ],
    names.flatMap((name) => [`Start -> ${name}`, `${name} error -> Sink`]),
  );
  // Four bounds of about $0.0525, the base charge and a bit.
  const limitMicros = 225_000;
  const tenant = await tenantOf(definition, limitMicros);
  harness.models.reset();
  const stopWatching = watchMoney(harness.database, tenant.payerId);
  const outcome = await execution.start({
    credential: withKey(tenant.apiKey),
    workflowId: tenant.workflowId,
    input: {},
  });
  if (outcome.kind !== "admitted") throw new Error("not admitted");
  const failures: string[] = [];
  for await (const event of outcome.run.events(0)) {
    if (event.type === "block.failed") failures.push(event.error.code);
    if (failures.length === 8) break;
  }
  expect(new Set(failures)).toEqual(new Set(["USAGE_LIMIT_EXCEEDED"]));
  await until(() => harness.models.stats().requestsInFlight === 4);
  const { heldMicros } = await readMoney(harness.database, tenant.payerId);
  expect(heldMicros).toBeGreaterThan(limitMicros - 52_500);
  outcome.run.cancel("requested");
  // Four calls that nobody answered cost nothing.
  expect(await outcome.run.finished).toMatchObject({ status: "cancelled", costMicros: baseMicros });
  expect(harness.models.stats().requests).toBe(4);
  expect((await stopWatching()).mostMicros).toBeLessThanOrEqual(limitMicros);
  expect((await verifyLedger(harness.database.sql)).differences).toEqual([]);
});
