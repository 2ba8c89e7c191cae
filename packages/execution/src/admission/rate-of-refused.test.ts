import { insertTenant, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ClaimStore } from "../claim/port.ts";
import { createPostgresClaimStore } from "../claim/postgres/claim-store.ts";
import type { Execution } from "../runs/execution.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";

// What callers are told of their rate when their run never gets as far as the claim.

let harness: Harness;
let tenant: Tenant;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());
beforeEach(async () => {
  tenant = await insertTenant(harness.database.db);
});

function start(
  execution: Execution,
  request: { readonly workflowId?: string; readonly input?: unknown } = {},
) {
  const { workflowId = tenant.workflowId, input = {} } = request;
  return execution.start({ credential: withKey(tenant.apiKey), workflowId, input });
}

/** A claim store whose buckets the facts statement cannot read, as Redis is one. */
function apart(inUse: ClaimStore["inUse"]): Execution {
  const claims = createPostgresClaimStore(harness.database.sql);
  const hotClaims = { ...claims, bucketsInFacts: false, inUse };
  return harness.another({ hotClaims, storeTimeoutMs: 200 });
}

describe("a run that the facts refuse, or whose input is wrong", () => {
  test("is told the bucket as it is, wherever the buckets are, and takes nothing from it", async () => {
    const { sql } = harness.database;
    await sql`INSERT INTO rate_buckets VALUES (${tenant.payerId}, 'sync', 41.7, now() + interval '1 hour')`;
    const rate = { counter: "sync", remaining: 41, capacity: 100, perMinute: 50 };
    const store = createPostgresClaimStore(sql);
    for (const execution of [harness.execution, apart(store.inUse)]) {
      expect(await start(execution, { workflowId: "none" })).toMatchObject({ kind: "refused", rate });
      expect(await start(execution, { input: { other: 1 } })).toMatchObject({ kind: "invalid_input", rate });
      await sql`UPDATE payers SET blocked_reason = 'dispute' WHERE id = ${tenant.payerId}`;
      expect(await start(execution)).toMatchObject({ refusal: { code: "PAYER_BLOCKED" }, rate });
      await sql`UPDATE payers SET blocked_reason = NULL WHERE id = ${tenant.payerId}`;
    }
    expect(await sql`SELECT tokens FROM rate_buckets WHERE payer_id = ${tenant.payerId}`).toEqual([
      { tokens: 41.7 },
    ]);
  });

  test("is still told so while the claim store is away or does not answer, without its rate", async () => {
    await harness.database.sql`UPDATE payers SET blocked_reason = 'dispute' WHERE id = ${tenant.payerId}`;
    const away = apart(() => Promise.reject(new Error("ECONNREFUSED")));
    const silent = apart(() => new Promise(() => {}));
    for (const execution of [away, silent]) {
      expect(await start(execution)).toMatchObject({
        kind: "refused",
        refusal: { code: "PAYER_BLOCKED", status: 402 },
        rate: null,
      });
    }
  });
});

test("nobody who is unknown is told of a rate, nor where no payer is, nor for the editor's runs", async () => {
  const { sql } = harness.database;
  const unknown = await harness.execution.start({
    credential: withKey("gtr_unknown"),
    workflowId: tenant.workflowId,
    input: {},
  });
  expect(unknown).toMatchObject({ refusal: { code: "UNAUTHENTICATED" }, rate: null });
  await sql`INSERT INTO sessions (id, token, user_id, expires_at)
            VALUES (${tenant.userId}, ${tenant.userId}, ${tenant.userId}, now() + interval '1 hour')`;
  const editor = await harness.execution.start({
    credential: { kind: "session", token: tenant.userId },
    workflowId: "none",
    input: {},
  });
  expect(editor).toMatchObject({ refusal: { code: "WORKFLOW_NOT_FOUND" }, rate: null });
  await sql`UPDATE workspaces SET payer_id = NULL WHERE id = ${tenant.workspaceId}`;
  expect(await start(harness.execution)).toMatchObject({ refusal: { code: "PAYER_UNRESOLVED" }, rate: null });
});
