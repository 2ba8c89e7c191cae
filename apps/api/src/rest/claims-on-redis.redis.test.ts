import { insertTenant, type Tenant } from "@gantry/db/testing";
import { type RedisServer, startRedisServer } from "@gantry/execution/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApi, type TestApi } from "../testing.ts";

let server: RedisServer;
let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  server = await startRedisServer();
  api = await startTestApi({ environment: { REDIS_URL: server.url } });
  tenant = await insertTenant(api.database.db);
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const headers = () => ({ "content-type": "application/json", "x-api-key": tenant.apiKey });

function execute(): Promise<Response> {
  const url = `${api.baseUrl}/api/v2/workflows/${tenant.workflowId}/execute`;
  return fetch(url, { method: "POST", headers: headers(), body: '{"input":{"message":"hi"}}' });
}

async function chargedMicros(): Promise<number> {
  const [row] = await api.database.sql<{ micros: number }[]>`
    SELECT coalesce(sum(amount_micros), 0)::float8 AS micros FROM ledger_entries`;
  return row?.micros ?? 0;
}

test("a run claims in Redis, is charged in PostgreSQL, and is found afterwards", async () => {
  const response = await execute();
  expect(response.status).toBe(200);
  expect(response.headers.get("ratelimit")).toMatch(/^"sync";r=99;t=\d+$/);
  const { data } = JSON.parse(await response.text());
  expect(data).toMatchObject({ status: "completed", output: { message: "hi" } });
  expect(await chargedMicros()).toBe(5_000);
  const [buckets] = await api.database.sql`SELECT count(*)::int AS count FROM rate_buckets`;
  expect(buckets).toEqual({ count: 0 });
  const found = await fetch(`${api.baseUrl}/api/v2/workflows/${tenant.workflowId}/runs/${data.runId}`, {
    headers: headers(),
  });
  expect(found.status).toBe(200);
  expect(found.headers.get("ratelimit")).toMatch(/^"sync";r=99;t=\d+$/);
});

test("while Redis is away runs are refused with 503 and nothing is charged, and the next one after its return is admitted", async () => {
  const charged = await chargedMicros();
  await server.kill();
  const refused = await execute();
  expect(refused.status).toBe(503);
  expect(refused.headers.get("retry-after")).toBe("1");
  const body = await refused.text();
  expect(JSON.parse(body)).toMatchObject({ error: { code: "ADMISSION_UNAVAILABLE" } });
  expect(body).not.toMatch(/redis|ECONN|stack/i);
  expect(await chargedMicros()).toBe(charged);

  // So is whatever else has to ask it, and the rest goes on.
  const input = encodeURIComponent(JSON.stringify({ workspaceId: tenant.workspaceId }));
  const usage = await fetch(`${api.baseUrl}/trpc/usage.get?input=${input}`, { headers: headers() });
  expect(usage.status).toBe(503);
  expect(await usage.text()).not.toMatch(/redis|ECONN|"stack"/i);
  expect((await fetch(`${api.baseUrl}/healthz`)).status).toBe(200);

  await server.restart();
  await expect.poll(async () => (await execute()).status, { timeout: 20_000 }).toBe(200);
});
