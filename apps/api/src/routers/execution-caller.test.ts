import { insertTenant, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { signUp, startTestApi, type TestApi } from "../testing.ts";

// Who asks decides how a run is judged; nothing that they say in the request does.

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(async () => {
  tenant = await insertTenant(api.database.db);
});

test("an API key wins over the session beside it: the run is the key's, takes its token, and runs what is deployed", async () => {
  const session = await signUp(api);
  const { workflowId } = tenant;
  const both = api.client({ ...session, "x-api-key": tenant.apiKey });
  const { runId } = await both.execution.run.mutate({ workflowId });
  const { sql } = api.database;
  const [run] =
    await sql`SELECT profile, actor_user_id, api_key_id, version_id FROM runs WHERE id = ${runId}`;
  expect(run).toEqual({
    profile: "api",
    actor_user_id: tenant.userId,
    api_key_id: tenant.apiKeyId,
    version_id: tenant.versionId,
  });
  const [bucket] = await sql<{ tokens: number }[]>`
    SELECT tokens FROM rate_buckets WHERE payer_id = ${tenant.payerId}`;
  expect(bucket?.tokens).toBe(99);
});

describe("nobody may name how their run came to be", () => {
  test.each([
    ["profile", "manual"],
    ["trigger", "manual"],
    ["versionId", "another"],
    ["payerId", "another"],
    ["holdMicros", 0],
  ])("%s is no part of a request", async (key, value) => {
    const response = await fetch(`${api.baseUrl}/trpc/execution.run`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": tenant.apiKey },
      body: JSON.stringify({ workflowId: tenant.workflowId, [key]: value }),
    });
    expect(response.status).toBe(400);
    const runs = await api.database.sql`SELECT 1 FROM run_rows WHERE workflow_id = ${tenant.workflowId}`;
    expect(runs).toHaveLength(0);
  });
});
