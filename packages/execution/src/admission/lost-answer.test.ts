import { insertTenant, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ClaimStore } from "../claim/port.ts";
import { createPostgresClaimStore } from "../claim/postgres/claim-store.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { runUntilCancelled } from "../testing/run-until-cancelled.ts";
import { until } from "../testing/until.ts";

// A claim may have been taken although its answer never came.

let harness: Harness;
let tenant: Tenant;
beforeAll(async () => {
  harness = await startHarness({ runPlan: runUntilCancelled });
});
afterAll(() => harness[Symbol.asyncDispose]());
beforeEach(async () => {
  tenant = await insertTenant(harness.database.db);
  await harness.database.sql`
    INSERT INTO rate_buckets VALUES (${tenant.payerId}, 'sync', 10, now() + interval '1 hour')`;
});

const broken = (code: string) => Object.assign(new Error(`The connection broke: ${code}.`), { code });

/** Starts a run on a store whose claims break: `breaks` says how, by the number of the attempt. */
async function startOn(breaks: (attempt: number, claim: () => Promise<unknown>) => Promise<void>) {
  const claims = createPostgresClaimStore(harness.database.sql);
  let attempts = 0;
  const claim: ClaimStore["claim"] = async (request) => {
    attempts += 1;
    await breaks(attempts, () => claims.claim(request));
    return await claims.claim(request);
  };
  const execution = harness.another({ hotClaims: { ...claims, claim }, heartbeatMs: 30 });
  const { apiKey, workflowId } = tenant;
  const outcome = await execution.start({ credential: withKey(apiKey), workflowId, input: {} });
  return { outcome, attempts };
}

async function taken() {
  const { sql } = harness.database;
  const slots = await sql`SELECT 1 FROM slots WHERE payer_id = ${tenant.payerId}`;
  const [bucket] = await sql<{ tokens: number }[]>`
    SELECT tokens FROM rate_buckets WHERE payer_id = ${tenant.payerId}`;
  return { slots: slots.length, tokens: Math.round(bucket?.tokens ?? 0) };
}

describe("a claim whose answer was lost is asked for once more", () => {
  test.each(["CONNECTION_CLOSED", "ECONNRESET", "57P01"])(
    "%s after it was taken: one run, one token, one slot",
    async (code) => {
      const { outcome, attempts } = await startOn(async (attempt, claim) => {
        if (attempt > 1) return;
        await claim();
        throw broken(code);
      });
      expect([outcome.kind, attempts]).toEqual(["admitted", 2]);
      expect(await taken()).toEqual({ slots: 1, tokens: 9 });
      if (outcome.kind !== "admitted") throw new Error("not admitted");
      outcome.run.cancel("requested");
      await outcome.run.finished;
    },
  );

  test("40P01, before it was taken: the same", async () => {
    const { outcome } = await startOn(async (attempt) => {
      if (attempt === 1) throw broken("40P01");
    });
    expect(outcome.kind).toBe("admitted");
    expect(await taken()).toEqual({ slots: 1, tokens: 9 });
  });
});

test("one that is lost again is refused with 503, and what it took is given back", async () => {
  const { outcome, attempts } = await startOn(async (_, claim) => {
    await claim();
    throw broken("CONNECTION_CLOSED");
  });
  expect(outcome).toMatchObject({ refusal: { code: "ADMISSION_UNAVAILABLE", retryAfterMs: 1_000 } });
  expect(attempts).toBe(2);
  await until(async () => (await taken()).slots === 0);
  expect(await taken()).toEqual({ slots: 0, tokens: 10 });
});

test("a store that cannot answer is not asked again: closed, and nothing is spent", async () => {
  const { outcome, attempts } = await startOn(async () => {
    throw broken("ECONNREFUSED");
  });
  expect(outcome).toMatchObject({ refusal: { code: "ADMISSION_UNAVAILABLE", status: 503 } });
  expect(attempts).toBe(1);
  expect(await taken()).toEqual({ slots: 0, tokens: 10 });
});
