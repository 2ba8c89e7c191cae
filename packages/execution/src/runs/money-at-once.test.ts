import { defaultBilling, defaultPlans, verifyLedger } from "@gantry/billing";
import { insertTenant, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPostgresClaimStore } from "../claim/postgres/claim-store.ts";
import { agent, definitionOf, start } from "../engine/testing/plans.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { readMoney, watchMoney } from "../testing/money.ts";
import type { FinishedRun } from "./live-run.ts";

// The real engine, the real SDK and a model server: what a thousand runs at once spend of a limit that pays for some.

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

const runsAtOnce = 1_000;
const limitMicros = 2_000_000;
const plenty = { ...defaultPlans.free, syncRunsPerMinute: 100_000, concurrentRunsMax: 100_000 };

/** Bounded by about $0.021, costs about $0.0176: nearly all of the bound is for tokens that a prompt may have. */
const nearItsBound = definitionOf(
  [start(), agent("Agent", "[[cache write=900]] [[tokens 60]]", { model: "claude-opus-4-1", maxTokens: 80 })],
  ["Start -> Agent"],
);

async function newTenant(): Promise<Tenant> {
  const tenant = await insertTenant(harness.database.db, { definition: nearItsBound });
  await harness.database
    .sql`UPDATE payers SET usage_limit_micros = ${limitMicros} WHERE id = ${tenant.payerId}`;
  return tenant;
}

const refusals = ["PAYER_HEADROOM", "USAGE_LIMIT_EXCEEDED"];

describe.each([
  { what: "a hold that covers the call", holdSliceMicros: 50_000, topsUp: false },
  { what: "a hold that must be topped up", holdSliceMicros: 10_000, topsUp: true },
])("1,000 runs at once under a limit that pays for some, with $what", ({ holdSliceMicros, topsUp }) => {
  test("overshoot by $0 at every instant, and every cent is in the ledger once", async () => {
    const { database, models } = harness;
    const tenant = await newTenant();
    const claims = createPostgresClaimStore(database.sql);
    let topUps = 0;
    const execution = harness.another({
      billing: { ...defaultBilling, holdSliceMicros, plans: { ...defaultPlans, free: plenty } },
      hotClaims: {
        ...claims,
        topUp: (request) => {
          topUps += 1;
          return claims.topUp(request);
        },
      },
    });
    models.reset();
    const stopWatching = watchMoney(database, tenant.payerId);
    const request = { credential: withKey(tenant.apiKey), workflowId: tenant.workflowId, input: {} };
    const ends: FinishedRun[] = [];
    const outcomes = await Promise.all(
      Array.from({ length: runsAtOnce }, async () => {
        const outcome = await execution.start(request);
        if (outcome.kind === "admitted") ends.push(await outcome.run.finished);
        return outcome;
      }),
    );
    const { mostMicros, snapshots } = await stopWatching();

    expect(mostMicros).toBeLessThanOrEqual(limitMicros);
    expect(snapshots).toBeGreaterThan(10);
    const money = await readMoney(database, tenant.payerId);
    expect(money.heldMicros).toBe(0);
    expect(money.settledMicros).toBeLessThanOrEqual(limitMicros);

    for (const outcome of outcomes) {
      if (outcome.kind === "admitted") continue;
      if (outcome.kind !== "refused") throw new Error(`neither admitted nor refused: ${outcome.kind}`);
      const { code, status, numbers } = outcome.refusal;
      expect(refusals).toContain(code);
      expect(status).toBe(402);
      expect(numbers).toMatchObject({ limitMicros, settledMicros: expect.any(Number) });
    }
    const failed = ends.filter(({ status }) => status === "failed");
    for (const { error } of failed) {
      expect(refusals).toContain(error?.code);
      expect(error).toMatchObject({
        blockId: "Agent",
        refusal: { status: 402, numbers: { limitMicros, neededMicros: expect.any(Number) } },
      });
    }
    const completed = ends.filter(({ status }) => status === "completed");
    expect(completed.length + failed.length).toBe(ends.length);
    expect(ends.length).toBeGreaterThan(50);
    expect(topUps === 0).toBe(!topsUp);
    expect(topsUp ? [] : failed).toEqual([]);

    // Nothing is lost and nothing is there twice: one entry for each call that the server saw.
    expect(models.stats().requests).toBe(completed.length);
    const [ledger] = await database.sql<{ total: number; model: number; base: number }[]>`
      SELECT sum(amount_micros)::float8 AS total, count(*) FILTER (WHERE kind = 'model')::int AS model,
             count(*) FILTER (WHERE kind = 'base')::int AS base
        FROM ledger_entries WHERE payer_id = ${tenant.payerId}`;
    expect(ledger).toEqual({ total: money.settledMicros, model: completed.length, base: ends.length });
    expect(ends.reduce((sum, { costMicros }) => sum + costMicros, 0)).toBe(money.settledMicros);
    expect((await verifyLedger(database.sql)).differences).toEqual([]);
    await execution.shutdown(0);
  });
});
