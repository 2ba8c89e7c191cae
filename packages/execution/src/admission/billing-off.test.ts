import { verifyLedger } from "@gantry/billing";
import { insertTenant } from "@gantry/db/testing";
import { expect, test } from "vitest";
import { agent, definitionOf, start } from "../engine/testing/plans.ts";
import { payByOrganization } from "../testing/failing-gates.ts";
import { startHarness, withKey } from "../testing/harness.ts";

test("with billing off nothing about money, rate or slots limits a run, and the ledger is written all the same", async () => {
  await using harness = await startHarness({ billing: { enabled: false } });
  const { database, execution } = harness;
  const { sql } = database;
  const definition = definitionOf(
    [start(), agent("A", "[[say hello]]", { model: "claude-opus-4-1", maxTokens: 30_000 })],
    ["Start -> A"],
  );
  const tenant = await payByOrganization(database, await insertTenant(database.db, { definition }));
  const { apiKey, workflowId, payerId, userId } = tenant;
  // Everything that could refuse is at its end.
  await sql`UPDATE payers SET usage_limit_micros = 0, concurrent_runs_max = 0, sync_runs_per_minute = 1`;
  await sql`INSERT INTO member_limits VALUES (${payerId}, ${userId}, 0)`;
  await sql`INSERT INTO rate_buckets VALUES (${payerId}, 'sync', 0, now() + interval '1 hour')`;
  const request = { credential: withKey(apiKey), workflowId, input: {} };
  expect(await execution.explain(request)).toMatchObject({ refusal: null, couldStart: null });
  const outcome = await execution.start(request);
  if (outcome.kind !== "admitted") throw new Error("not admitted");
  expect(outcome.run.rate).toBeNull();
  expect(outcome.run.decision.slice(-4)).toEqual(
    ["usage", "rate", "concurrency", "hold"].map((gate) => ({
      gate,
      verdict: "not_required",
      numbers: { reason: "billing_off" },
    })),
  );
  const { status, costMicros } = await outcome.run.finished;
  expect(status).toBe("completed");
  const entries = await sql<{ kind: string; amount: number }[]>`
    SELECT kind, amount_micros::int AS amount FROM ledger_entries WHERE payer_id = ${payerId} ORDER BY kind`;
  expect(entries.map(({ kind }) => kind)).toEqual(["base", "model"]);
  expect(entries.reduce((sum, { amount }) => sum + amount, 0)).toBe(costMicros);
  expect(await verifyLedger(sql)).toMatchObject({ entries: 2, counters: 2, differences: [] });
});
