import { defaultBilling } from "@gantry/billing";
import { openDatabase } from "@gantry/db";
import { insertTenant } from "@gantry/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPostgresClaimStore } from "../claim/postgres/claim-store.ts";
import { createChance } from "../claim/simulation/chance.ts";
import type { LiveRun } from "../runs/live-run.ts";
import type { ExplainOutcome, StartOutcome } from "../runs/start-run.ts";
import { createDigest } from "../testing/digest.ts";
import { castOf, drawState } from "../testing/drawn-state.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { runUntilCancelled } from "../testing/run-until-cancelled.ts";
import { until } from "../testing/until.ts";
import { type Refusal, refusalCatalogue } from "./refusal.ts";

/** Repeats a failure, or looks for another one. */
const seed = Number(process.env["GANTRY_SIMULATION_SEED"] ?? 20_261_124);
const states = 300;
/** Of more than so many, only that so many are admitted is tried. */
const triedMax = 12;

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ runPlan: runUntilCancelled, deps: { heartbeatMs: 600_000 } });
});
afterAll(() => harness[Symbol.asyncDispose]());

test("at equal state explain and run agree on every verdict, code and number, and on how many could start; explain writes nothing", async () => {
  const { database, keyring } = harness;
  const chance = createChance(seed);
  const cast = await castOf(database, keyring);
  const digest = await createDigest(database);
  const unlimited = harness.another({
    billing: { ...defaultBilling, enabled: false },
    heartbeatMs: 600_000,
  });
  const seen = new Map<string, number>();
  const refusedRuns: string[] = [];
  for (let step = 0; step < states; step += 1) {
    const state = drawState(chance);
    const execution = chance.odds(0.06) ? unlimited : harness.execution;
    try {
      await cast.apply(state);
      const request = {
        credential: cast.credential(state),
        workflowId: cast.workflowId(state),
        input: { none: {}, good: { message: "hi" }, bad: { other: 1 } }[state.input],
        maxCostMicros: state.maxCostMicros ?? undefined,
      };
      const before = await digest(refusedRuns);
      const explainedAt = performance.now();
      const explained = await execution.explain(request);
      expect(await digest(refusedRuns)).toEqual(before);

      const outcome = await execution.start(request);
      const elapsedMs = performance.now() - explainedAt;
      expect(foretold(explained)).toEqual(told(outcome));
      // The only clock: what was foretold has come nearer since.
      const nearerMs = waitOf(explained) - waitOf(outcome);
      expect(nearerMs).toBeGreaterThanOrEqual(0);
      expect(nearerMs).toBeLessThanOrEqual(elapsedMs + 1);
      const what = outcome.kind === "refused" ? outcome.refusal.code : outcome.kind;
      seen.set(what, (seen.get(what) ?? 0) + 1);
      if (outcome.kind === "refused" && outcome.runId !== null) refusedRuns.push(outcome.runId);
      if (explained.kind !== "explained" || outcome.kind !== "admitted") continue;

      const { couldStart } = explained;
      const more = Math.min(couldStart ?? triedMax, triedMax) - 1;
      const isAll = couldStart !== null && couldStart <= triedMax;
      const further = await Promise.all(
        Array.from({ length: isAll ? more + 1 : more }, () => execution.start(request)),
      );
      const admitted = further.flatMap((one) => (one.kind === "admitted" ? [one.run] : []));
      for (const one of further)
        if (one.kind === "refused" && one.runId !== null) refusedRuns.push(one.runId);
      await cancelAll([outcome.run, ...admitted]);
      expect({ couldStart, admitted: 1 + admitted.length }).toEqual({ couldStart, admitted: 1 + more });
    } catch (error) {
      const at = `GANTRY_SIMULATION_SEED=${seed}, state ${step}: ${JSON.stringify(state)}`;
      throw new Error(`${at}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  // Otherwise these states would have proved little.
  const codes = Object.keys(refusalCatalogue).filter((code) => code !== "ADMISSION_UNAVAILABLE");
  expect(codes.filter((code) => !seen.has(code))).toEqual([]);
  expect(seen.get("admitted")).toBeGreaterThan(50);
  expect(harness.told).toEqual([]);

  // Records are written off the path; one of an explanation would be among them by now.
  const records = () => [harness.execution, unlimited].map((one) => one.stats().refusals);
  await until(() => records().every(({ queued }) => queued === 0));
  expect(records().reduce((sum, { written }) => sum + written, 0)).toBe(refusedRuns.length);
}, 60_000);

test("explain needs no connection that may write", async () => {
  const { database } = harness;
  const url = new URL(database.url);
  url.searchParams.set("default_transaction_read_only", "on");
  const readOnly = openDatabase({ url: url.href, poolMax: 2, applicationName: "read-only" });
  try {
    const claims = createPostgresClaimStore(readOnly.sql);
    const execution = harness.another({ hotSql: readOnly.sql, hotClaims: claims, heartbeatMs: 600_000 });
    const tenant = await insertTenant(database.db);
    const request = { credential: withKey(tenant.apiKey), workflowId: tenant.workflowId, input: {} };
    expect(await execution.explain(request)).toMatchObject({ refusal: null, couldStart: 10 });
    expect(await execution.start(request)).toMatchObject({ refusal: { code: "ADMISSION_UNAVAILABLE" } });
  } finally {
    await readOnly.close();
  }
});

/** What a run and its explanation must tell alike. Of an admitted one, how many could start is tried. */
function told(outcome: StartOutcome): unknown {
  if (outcome.kind === "admitted") return { decision: outcome.run.decision, refusal: null };
  if (outcome.kind !== "refused") return { kind: outcome.kind, problems: outcome.problems };
  const { decision, refusal } = outcome;
  return { decision, refusal: withoutClock(refusal), couldStart: 0 };
}

function foretold(explained: ExplainOutcome): unknown {
  if (explained.kind !== "explained") return { kind: explained.kind, problems: explained.problems };
  const { decision, refusal, couldStart } = explained;
  return refusal === null ? { decision, refusal } : { decision, refusal: withoutClock(refusal), couldStart };
}

function withoutClock({ retryAfterMs, ...refusal }: Refusal): unknown {
  return { ...refusal, tellsWhen: retryAfterMs !== null };
}

function waitOf(outcome: StartOutcome | ExplainOutcome): number {
  if (outcome.kind !== "refused" && outcome.kind !== "explained") return 0;
  return outcome.refusal?.retryAfterMs ?? 0;
}

async function cancelAll(runs: readonly LiveRun[]): Promise<void> {
  for (const run of runs) run.cancel("requested");
  await Promise.all(runs.map((run) => run.finished));
}
