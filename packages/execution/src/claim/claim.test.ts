import { defaultBilling, defaultPlans, verifyLedger } from "@gantry/billing";
import { insertTenant, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EngineEvent } from "../engine/events.ts";
import type { StartOutcome } from "../runs/start-run.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { spending } from "../testing/spending.ts";
import { until } from "../testing/until.ts";
import { createPostgresClaimStore } from "./postgres/claim-store.ts";

/** Runs that stay in progress until they are told to go on. */
function createGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

let gate = createGate();
let harness: Harness;

const plenty = { ...defaultPlans.free, syncRunsPerMinute: 100_000, concurrentRunsMax: 100_000 };

beforeAll(async () => {
  harness = await startHarness({
    billing: { ...defaultBilling, plans: { ...defaultPlans, free: plenty } },
    async *runPlan({ input }) {
      const at = Date.now();
      yield { type: "run.started", seq: 1, at } satisfies EngineEvent;
      yield { type: "block.started", seq: 2, at, blockId: "a", name: "A", blockType: "start", input: {} };
      await gate.opened;
      yield {
        type: "block.completed",
        seq: 3,
        at,
        blockId: "a",
        output: {},
        durationMs: 1,
        costMicros: 0,
        charges: [],
      };
      yield { type: "run.completed", seq: 4, at, output: { ...input }, durationMs: 1 };
    },
  });
});
afterAll(async () => {
  gate.open();
  await harness[Symbol.asyncDispose]();
});

function startMany(tenant: Tenant, count: number): Promise<StartOutcome[]> {
  return Promise.all(
    Array.from({ length: count }, () =>
      harness.execution.start({
        credential: withKey(tenant.apiKey),
        workflowId: tenant.workflowId,
        input: {},
      }),
    ),
  );
}

async function settleAll(outcomes: readonly StartOutcome[]): Promise<void> {
  gate.open();
  await ends(outcomes);
  gate = createGate();
}

function ends(outcomes: readonly StartOutcome[]): Promise<unknown> {
  return Promise.all(
    outcomes.flatMap((outcome) => (outcome.kind === "admitted" ? [outcome.run.finished] : [])),
  );
}

function count(outcomes: readonly StartOutcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const key = outcome.kind === "refused" ? outcome.refusal.code : outcome.kind;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

async function newTenant(limits: {
  usageLimitMicros?: number;
  concurrentRunsMax?: number;
  syncRunsPerMinute?: number;
}): Promise<Tenant> {
  const tenant = await insertTenant(harness.database.db);
  await harness.database.sql`
    UPDATE payers SET usage_limit_micros = ${limits.usageLimitMicros ?? null},
           concurrent_runs_max = ${limits.concurrentRunsMax ?? null},
           sync_runs_per_minute = ${limits.syncRunsPerMinute ?? null} WHERE id = ${tenant.payerId}`;
  return tenant;
}

test("of 1,000 runs at once exactly as many are admitted as there are slots", async () => {
  const tenant = await newTenant({ concurrentRunsMax: 37 });
  const outcomes = await startMany(tenant, 1_000);
  expect(count(outcomes)).toEqual({ admitted: 37, CONCURRENCY_LIMIT: 963 });
  await settleAll(outcomes);
  expect(count(await startMany(tenant, 1))).toEqual({ admitted: 1 });
  gate.open();
  gate = createGate();
});

test("of 1,000 runs at once exactly as many are admitted as the usage limit can pay for", async () => {
  // 20 base charges and a bit.
  const tenant = await newTenant({ usageLimitMicros: 104_999 });
  const outcomes = await startMany(tenant, 1_000);
  expect(count(outcomes)).toEqual({ admitted: 20, PAYER_HEADROOM: 980 });
  await settleAll(outcomes);
  const [counter] = await harness.database.sql`
    SELECT settled_micros FROM usage_counters WHERE payer_id = ${tenant.payerId}`;
  expect(counter).toEqual({ settled_micros: "100000" });
  expect(count(await startMany(tenant, 1))).toEqual({ USAGE_LIMIT_EXCEEDED: 1 });
});

test("of 500 runs at once exactly as many are admitted as there are tokens in the bucket", async () => {
  // One token a minute, so that none is refilled meanwhile: twice the rate is the capacity.
  const tenant = await newTenant({ syncRunsPerMinute: 1 });
  const outcomes = await startMany(tenant, 500);
  expect(count(outcomes)).toEqual({ admitted: 2, RATE_LIMITED: 498 });
  const refused = outcomes.find((outcome) => outcome.kind === "refused");
  if (refused?.kind !== "refused") throw new Error("none was refused");
  expect(refused.refusal.numbers).toMatchObject({ remaining: 0, capacity: 2, perMinute: 1 });
  expect(refused.refusal.retryAfterMs).toBeGreaterThan(0);
  expect(refused.refusal.retryAfterMs).toBeLessThanOrEqual(60_000);
  await settleAll(outcomes);
});

test("a run refused by its concurrency, after the rate gate let it pass, keeps its rate token", async () => {
  const tenant = await newTenant({ concurrentRunsMax: 1, syncRunsPerMinute: 5 });
  const outcomes = await startMany(tenant, 50);
  expect(count(outcomes)).toEqual({ admitted: 1, CONCURRENCY_LIMIT: 49 });
  const [bucket] = await harness.database.sql<{ tokens: number }[]>`
    SELECT tokens FROM rate_buckets WHERE payer_id = ${tenant.payerId}`;
  expect(bucket?.tokens).toBe(9);
  await settleAll(outcomes);
});

test("settled and held together never pass the limit while runs start and settle side by side", async () => {
  const tenant = await newTenant({ usageLimitMicros: 250_000 });
  let worst = 0;
  const watching = new AbortController();
  const watch = (async () => {
    while (!watching.signal.aborted) {
      const [row] = await harness.database.sql<{ total: number }[]>`
        SELECT (coalesce((SELECT sum(hold_micros) FROM slots WHERE payer_id = ${tenant.payerId}), 0)
              + coalesce((SELECT sum(settled_micros) FROM usage_counters WHERE payer_id = ${tenant.payerId}), 0)
               )::float8 AS total`;
      worst = Math.max(worst, row?.total ?? 0);
    }
  })();
  gate.open();
  const outcomes = await startMany(tenant, 400);
  await ends(outcomes);
  watching.abort();
  await watch;
  gate = createGate();
  expect(worst).toBeGreaterThan(0);
  expect(worst).toBeLessThanOrEqual(250_000);
  const [ledger] = await harness.database.sql`
    SELECT sum(amount_micros)::text AS total, count(*)::int AS entries
      FROM ledger_entries WHERE payer_id = ${tenant.payerId}`;
  const [counter] = await harness.database.sql`
    SELECT settled_micros FROM usage_counters WHERE payer_id = ${tenant.payerId}`;
  expect(counter?.settled_micros).toBe(ledger?.total);
  expect((await verifyLedger(harness.database.sql)).differences).toEqual([]);
  expect(ledger?.entries).toBe(count(outcomes).admitted);
});

test("a slot whose lease has run out counts until another process reaps it; its run is then lost without a charge", async () => {
  const tenant = await newTenant({ concurrentRunsMax: 1 });
  const [first] = await startMany(tenant, 1);
  if (first?.kind !== "admitted") throw new Error("not admitted");
  await harness.database
    .sql`UPDATE slots SET expires_at = now() - interval '1 s' WHERE run_id = ${first.run.runId}`;
  // Its holder may still renew it, so nobody takes its place yet.
  expect(count(await startMany(tenant, 1))).toEqual({ CONCURRENCY_LIMIT: 1 });

  const other = harness.another({ heartbeatMs: 20 });
  const statusOf = async () => {
    const [run] = await harness.database.sql`
      SELECT status, cost_micros FROM runs WHERE id = ${first.run.runId}`;
    return run;
  };
  await until(async () => (await statusOf())?.status === "lost");
  const [second] = await startMany(tenant, 1);
  expect(second?.kind).toBe("admitted");
  await settleAll([second ?? first]);
  // The late writer finds its slot gone: nothing of what it wanted to write is there.
  expect(await first.run.finished).toMatchObject({ status: "lost", costMicros: 0 });
  expect(await statusOf()).toEqual({ status: "lost", cost_micros: "0" });
  const ledger = await harness.database.sql`SELECT 1 FROM ledger_entries WHERE run_id = ${first.run.runId}`;
  expect(ledger).toHaveLength(0);
  await other.shutdown(0);
});

test("a run that lives longer than its lease keeps its slot by the heartbeat", async () => {
  const short = harness.another({ leaseMs: 200, heartbeatMs: 40 });
  const tenant = await newTenant({ concurrentRunsMax: 1 });
  const request = { credential: withKey(tenant.apiKey), workflowId: tenant.workflowId, input: {} };
  const outcome = await short.start(request);
  if (outcome.kind !== "admitted") throw new Error("not admitted");
  const expiry = async () => {
    const [slot] = await harness.database.sql<{ expires_at: string }[]>`
      SELECT expires_at::text AS expires_at FROM slots WHERE run_id = ${outcome.run.runId}`;
    return slot?.expires_at;
  };
  // Five renewals are a whole lease.
  for (let renewals = 0; renewals < 5; renewals += 1) {
    const last = await expiry();
    await until(async () => (await expiry()) !== last);
  }
  expect(await short.start(request)).toMatchObject({
    kind: "refused",
    refusal: { code: "CONCURRENCY_LIMIT" },
  });
  await settleAll([outcome]);
  expect(await outcome.run.finished).toMatchObject({ status: "completed" });
});

test("cancelling through another process reaches the run with its next heartbeat", async () => {
  const holder = harness.another({ heartbeatMs: 20, runPlan: untilAborted });
  const tenant = await newTenant({});
  const outcome = await holder.start({
    credential: withKey(tenant.apiKey),
    workflowId: tenant.workflowId,
    input: {},
  });
  if (outcome.kind !== "admitted") throw new Error("not admitted");
  const principal = { userId: tenant.userId, apiKeyId: null, workspaceId: null };
  const elsewhere = await harness.execution.cancel({ principal, runId: outcome.run.runId });
  expect(elsewhere).toEqual({ kind: "cancelling" });
  expect(await outcome.run.finished).toMatchObject({ status: "cancelled", costMicros: 0 });
  expect(await harness.execution.cancel({ principal, runId: outcome.run.runId })).toEqual({
    kind: "already_ended",
  });
});

test("a claim whose answer was lost on the way is asked for again under the same run, and taken once", async () => {
  const tenant = await newTenant({ syncRunsPerMinute: 5 });
  const store = createPostgresClaimStore(harness.database.sql);
  let lost = 0;
  const unlucky = harness.another({
    hotClaims: {
      ...store,
      async claim(request) {
        const answer = await store.claim(request);
        if (lost > 0) return answer;
        lost += 1;
        throw Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
      },
    },
  });
  const outcome = await unlucky.start({
    credential: withKey(tenant.apiKey),
    workflowId: tenant.workflowId,
    input: {},
  });
  expect(outcome.kind).toBe("admitted");
  expect(lost).toBe(1);
  const [taken] = await harness.database.sql<{ slots: number; tokens: number }[]>`
    SELECT (SELECT count(*)::int FROM slots WHERE payer_id = ${tenant.payerId}) AS slots,
           (SELECT floor(tokens)::int FROM rate_buckets WHERE payer_id = ${tenant.payerId}) AS tokens`;
  expect(taken).toEqual({ slots: 1, tokens: 9 });
});

test("a claim whose answer never came is given back with its token, and its run forgotten", async () => {
  const tenant = await newTenant({ syncRunsPerMinute: 5 });
  const before = await spending(harness.database);
  const admissions: string[] = [];
  const impatient = harness.another({
    heartbeatMs: 20,
    storeTimeoutMs: 1_000,
    newId: () => {
      const id = `late-${tenant.workflowId}`;
      admissions.push(id);
      return id;
    },
  });
  // Somebody holds the payer's lock for longer than the service waits; the claim succeeds afterwards.
  const held = createGate();
  const locked = createGate();
  const blocker = harness.database.sql.begin(async (sql) => {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${tenant.payerId}, 0))`;
    locked.open();
    await held.opened;
  });
  await locked.opened;
  const outcome = await impatient.start({
    credential: withKey(tenant.apiKey),
    workflowId: tenant.workflowId,
    input: {},
  });
  expect(outcome).toMatchObject({
    kind: "refused",
    refusal: { code: "ADMISSION_UNAVAILABLE", status: 503, retryAfterMs: 1_000 },
  });
  held.open();
  await blocker;
  // The bucket's row is there once the claim went through after all; its token is back once it was given back.
  await until(async () => {
    const [bucket] = await harness.database.sql<{ tokens: number }[]>`
      SELECT tokens FROM rate_buckets WHERE payer_id = ${tenant.payerId}`;
    return bucket?.tokens === 10;
  });
  const after = await spending(harness.database);
  expect(after.slots).toEqual(before.slots);
  expect(after.admitted).toEqual(before.admitted);
});

async function* untilAborted({
  signal,
}: {
  signal: AbortSignal;
}): AsyncGenerator<EngineEvent, void, undefined> {
  yield { type: "run.started", seq: 1, at: Date.now() };
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  yield { type: "run.cancelled", seq: 2, at: Date.now(), reason: "requested", durationMs: 1 };
}
