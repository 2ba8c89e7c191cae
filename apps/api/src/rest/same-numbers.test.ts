import { insertTenant, type Tenant, type TestDatabase } from "@gantry/db/testing";
import { TRPCClientError } from "@trpc/client";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AppRouter } from "../routers/root.ts";
import { startTestApi, type TestApi } from "../testing.ts";

// What a program is told over REST and what the web app shows are one refusal: no number may differ.

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(async () => {
  tenant = await insertTenant(api.database.db);
});

type Arrange = (sql: TestDatabase["sql"], payerId: string) => Promise<unknown>;

const refusals: readonly (readonly [code: string, arrange: Arrange])[] = [
  [
    "USAGE_LIMIT_EXCEEDED",
    (sql, payerId) => sql`UPDATE payers SET usage_limit_micros = 1000 WHERE id = ${payerId}`,
  ],
  [
    "RATE_LIMITED",
    (sql, payerId) => sql`INSERT INTO rate_buckets VALUES (${payerId}, 'sync', 0, now() + interval '1 hour')`,
  ],
  [
    "CONCURRENCY_LIMIT",
    async (sql, payerId) => {
      await sql`UPDATE payers SET concurrent_runs_max = 1 WHERE id = ${payerId}`;
      await insertSlot(sql, payerId, 0);
    },
  ],
  ["PAYER_HEADROOM", (sql, payerId) => insertSlot(sql, payerId, 4_999_000)],
];

describe("a refusal has the same numbers over REST and in the web app", () => {
  test.each(refusals)("%s", async (code, arrange) => {
    const { sql } = api.database;
    await arrange(sql, tenant.payerId);
    const { runId, retryable, retryAfterMs, ...numbers } = await restDetails(code);
    expect(Object.keys(numbers).length).toBeGreaterThan(3);

    const { workflowId, workspaceId } = tenant;
    const { execution, usage } = api.client({ "x-api-key": tenant.apiKey });
    const run = await execution.run.mutate({ workflowId }).catch(failureOf);
    // When to come back moves on between two answers; whether it helps does not.
    expect(run).toMatchObject({ data: { refusal: { code, retryable } } });
    expect(retryAfterMs !== null).toBe(retryable);
    expect(run instanceof TRPCClientError ? run.data?.refusal?.numbers : run).toEqual(numbers);
    expect((await execution.explain.query({ workflowId })).refusal?.numbers).toEqual(numbers);

    // The record is written off the path.
    await expect
      .poll(() => execution.get.query({ runId }).then(({ refusal }) => refusal, failureOf), {
        timeout: 10_000,
      })
      .toMatchObject({ code, numbers });

    const shown = await usage.get.query({ workspaceId });
    const onUsagePage: Readonly<Record<string, unknown>> = {
      settledMicros: shown.settledMicros,
      heldMicros: shown.heldMicros,
      limitMicros: shown.limitMicros,
      inUse: shown.concurrency.inUse,
      limit: shown.concurrency.limit,
      ...shown.rate?.sync,
    };
    for (const key of Object.keys(onUsagePage).filter((each) => each in numbers)) {
      expect({ [key]: onUsagePage[key] }).toEqual({ [key]: numbers[key] });
    }
  });
});

async function restDetails(code: string): Promise<Readonly<Record<string, unknown>> & { runId: string }> {
  const response = await fetch(`${api.baseUrl}/api/v2/workflows/${tenant.workflowId}/execute`, {
    method: "POST",
    headers: { "x-api-key": tenant.apiKey },
  });
  const body: { error: { code: string; details: Record<string, unknown> & { runId: string } } } = JSON.parse(
    await response.text(),
  );
  expect(body.error.code).toBe(code);
  return body.error.details;
}

function failureOf(error: unknown): TRPCClientError<AppRouter> {
  if (error instanceof TRPCClientError) return error;
  throw error;
}

async function insertSlot(sql: TestDatabase["sql"], payerId: string, holdMicros: number): Promise<void> {
  await sql`
    INSERT INTO slots (run_id, payer_id, user_id, workspace_id, workflow_id, profile, plan, input, decision, holder,
                       epoch, hold_micros, period_start, counts_for_member, expires_at, deadline_at)
    VALUES (${uuidv7()}, ${payerId}, 'somebody', 'elsewhere', 'elsewhere', 'api', 'free', '{}', '[]', 'elsewhere',
            1, ${holdMicros}, now(), false, now() + interval '1 hour', now() + interval '90 seconds')`;
}
