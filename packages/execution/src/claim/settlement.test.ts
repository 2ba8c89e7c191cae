import { insertTenant, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClaimRequest } from "../claim/port.ts";
import type { RunRecord } from "../runs/journal.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { createPostgresClaimStore } from "./postgres/claim-store.ts";
import { settleRun } from "./settlement.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
});

const periodStart = "2026-01-01 00:00:00.123456+00";

async function claimRun(tenant: Tenant, overrides: Partial<ClaimRequest> = {}): Promise<ClaimRequest> {
  const request: ClaimRequest = {
    runId: `run-${tenant.workflowId}`,
    payerId: tenant.payerId,
    userId: tenant.userId,
    workspaceId: tenant.workspaceId,
    workflowId: tenant.workflowId,
    versionId: tenant.versionId,
    apiKeyId: tenant.apiKeyId,
    profile: "api",
    plan: "free",
    payer: "{}",
    input: "{}",
    decision: "[]",
    holder: "holder",
    epoch: 1,
    leaseMs: 20_000,
    deadlineMs: 60_000,
    expectedMs: 10_000,
    rate: null,
    concurrentRunsMax: null,
    holdMicros: 5_000,
    limitMicros: null,
    memberLimitMicros: null,
    periodStart,
    countsForMember: false,
    known: { ageMs: 0, settledMicros: 0, memberSettledMicros: 0 },
    ...overrides,
  };
  expect(await createPostgresClaimStore(harness.database.sql).claim(request)).toMatchObject({
    result: "claimed",
  });
  return request;
}

const record: RunRecord = {
  status: "completed",
  output: '{"text":"done"}',
  error: null,
  startedAt: Date.UTC(2026, 0, 2),
  spans: [
    {
      blockId: "agent",
      seq: 2,
      name: "Agent",
      type: "agent",
      status: "completed",
      input: "{}",
      output: '{"text":"done"}',
      error: null,
      startedAt: Date.UTC(2026, 0, 2),
      durationMs: 12.5,
      costMicros: 700,
    },
  ],
  charges: [
    {
      key: "agent:1",
      blockId: "agent",
      provider: "anthropic",
      model: "m",
      keySource: "platform",
      inputTokens: 10,
      outputTokens: 20,
      costMicros: 700,
    },
  ],
};

function settle(request: ClaimRequest, what: RunRecord = record, epoch = 1) {
  return settleRun(harness.database.sql, {
    runId: request.runId,
    epoch,
    record: what,
    decision: [],
    timings: { factsMs: 1, gatesMs: 1, claimMs: 1, definitionMs: 1, definition: "hit", totalMs: 4 },
    baseChargeMicros: 5_000,
    now: 0,
  });
}

async function counters(tenant: Tenant) {
  const { sql } = harness.database;
  return {
    payer:
      await sql`SELECT period_start::text AS period_start, settled_micros FROM usage_counters WHERE payer_id = ${tenant.payerId}`,
    member:
      await sql`SELECT user_id, settled_micros FROM member_usage_counters WHERE payer_id = ${tenant.payerId}`,
    ledger:
      await sql`SELECT event_key, amount_micros FROM ledger_entries WHERE payer_id = ${tenant.payerId} ORDER BY 1`,
    slots: await sql`SELECT 1 FROM slots WHERE payer_id = ${tenant.payerId}`,
  };
}

test("ends the run, writes ledger, counters and spans, and frees slot and hold, all at once", async () => {
  const tenant = await insertTenant(harness.database.db);
  const request = await claimRun(tenant);
  expect(await settle(request)).toMatchObject({ status: "completed", costMicros: 5_700 });
  expect(await counters(tenant)).toEqual({
    // To the microsecond: the counter that the facts will look for.
    payer: [{ period_start: periodStart, settled_micros: "5700" }],
    member: [],
    ledger: [
      { event_key: `${request.runId}:base`, amount_micros: "5000" },
      { event_key: `${request.runId}:model:agent:1`, amount_micros: "700" },
    ],
    slots: [],
  });
  const view = await harness.execution.get({
    principal: { userId: tenant.userId, apiKeyId: null, workspaceId: null },
    runId: request.runId,
  });
  expect(view).toMatchObject({
    status: "completed",
    output: { text: "done" },
    costMicros: 5_700,
    spans: [{ blockId: "agent", durationMs: 12.5, output: { text: "done" } }],
    charges: [
      { kind: "base", amountMicros: 5_000 },
      { kind: "model", model: "m", outputTokens: 20 },
    ],
  });
});

test("settling twice, or ten times at once, is settling once", async () => {
  const tenant = await insertTenant(harness.database.db);
  const request = await claimRun(tenant);
  const answers = await Promise.all(Array.from({ length: 10 }, () => settle(request)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await settle(request)).toEqual(answers[0]);
  expect(await counters(tenant)).toMatchObject({ payer: [{ settled_micros: "5700" }], slots: [] });
});

test("a writer under an older epoch changes nothing", async () => {
  const tenant = await insertTenant(harness.database.db);
  const request = await claimRun(tenant, { epoch: 2 });
  expect(await settle(request, record, 1)).toEqual({ status: "lost", costMicros: 0, endedAt: 0 });
  expect(await counters(tenant)).toMatchObject({ payer: [], ledger: [], slots: [{}] });
});

test("a run that never reached a block costs nothing", async () => {
  const tenant = await insertTenant(harness.database.db);
  const request = await claimRun(tenant);
  const unstarted: RunRecord = { ...record, status: "cancelled", startedAt: null, spans: [], charges: [] };
  expect(await settle(request, unstarted)).toMatchObject({ status: "cancelled", costMicros: 0 });
  expect(await counters(tenant)).toMatchObject({ payer: [], ledger: [], slots: [] });
});

test("inside an organization the actor's own counter grows with the payer's", async () => {
  const tenant = await insertTenant(harness.database.db);
  const request = await claimRun(tenant, { countsForMember: true });
  await settle(request);
  expect(await counters(tenant)).toMatchObject({
    payer: [{ settled_micros: "5700" }],
    member: [{ user_id: tenant.userId, settled_micros: "5700" }],
  });
});

test("text that JSON can carry and jsonb cannot is settled and read back as it was", async () => {
  const tenant = await insertTenant(harness.database.db);
  const odd = "\u0000 \ud800";
  const request = await claimRun(tenant, { input: JSON.stringify({ odd }) });
  const error = { code: "CODE_THREW", message: odd, retryable: false } as const;
  const spans = record.spans.map((span) => ({
    ...span,
    output: JSON.stringify(odd),
    error: JSON.stringify(error),
  }));
  await settle(request, {
    ...record,
    status: "failed",
    output: null,
    error: { ...error, blockId: "agent" },
    spans,
  });
  const view = await harness.execution.get({
    principal: { userId: tenant.userId, apiKeyId: null, workspaceId: null },
    runId: request.runId,
  });
  expect(view).toMatchObject({
    input: { odd },
    error: { message: odd },
    spans: [{ output: odd, error: { message: odd } }],
  });
});

test("a run whose workspace was deleted while it ran is still charged, and holds no slot", async () => {
  const tenant = await insertTenant(harness.database.db);
  const request = await claimRun(tenant);
  await harness.database.sql`UPDATE workflows SET active_version_id = NULL WHERE id = ${tenant.workflowId}`;
  await harness.database.sql`DELETE FROM workspaces WHERE id = ${tenant.workspaceId}`;
  expect(await settle(request)).toMatchObject({ status: "completed", costMicros: 5_700 });
  expect(await counters(tenant)).toMatchObject({ payer: [{ settled_micros: "5700" }], slots: [] });
});
