import { payers } from "@gantry/db";
import { insertPermission, insertTenant, insertUser, type Tenant } from "@gantry/db/testing";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { browser, signUp, startTestApi, type TestApi } from "../testing.ts";
import { readEvents } from "../testing-events.ts";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(async () => {
  tenant = await insertTenant(api.database.db);
});

const executeUrl = (workflowId: string) => `${api.baseUrl}/api/v2/workflows/${workflowId}/execute`;

function execute(
  body: unknown,
  headers: Record<string, string> = { "x-api-key": tenant.apiKey },
): Promise<Response> {
  return fetch(executeUrl(tenant.workflowId), {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

async function errorOf(response: Response) {
  const body: { error: { code: string; message: string; details: Record<string, unknown> } } = JSON.parse(
    await response.text(),
  );
  return body.error;
}

describe("POST /api/v2/workflows/:workflowId/execute", () => {
  test("answers with the run, its times in ISO 8601", async () => {
    const response = await execute({ input: { message: "hi" } });
    expect(response.status).toBe(200);
    const { data } = JSON.parse(await response.text());
    expect(Object.keys(data)).toEqual([
      "runId",
      "workflowId",
      "status",
      "output",
      "error",
      "startedAt",
      "endedAt",
      "durationMs",
    ]);
    expect(data).toMatchObject({ status: "completed", output: { message: "hi" }, error: null });
    expect(new Date(data.startedAt).toISOString()).toBe(data.startedAt);
  });

  test("tells the rate limit on success and on refusal, to callers who are known", async () => {
    const response = await execute({});
    expect(response.headers.get("ratelimit-policy")).toBe('"sync";q=100;w=120');
    expect(response.headers.get("ratelimit")).toMatch(/^"sync";r=9\d;t=\d+$/);
    const unknown = await execute({}, { "x-api-key": "gty_unknown" });
    expect(unknown.status).toBe(401);
    expect(unknown.headers.has("ratelimit")).toBe(false);
    expect(unknown.headers.has("ratelimit-policy")).toBe(false);
  });

  test("runs started too fast are told when to come back, in whole seconds", async () => {
    await api.database.db.update(payers).set({ syncRunsPerMinute: 1 }).where(eq(payers.id, tenant.payerId));
    expect((await execute({})).status).toBe(200);
    expect((await execute({})).status).toBe(200);
    const refused = await execute({});
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(55);
    expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(refused.headers.get("ratelimit")).toMatch(/^"sync";r=0;t=/);
    expect(await errorOf(refused)).toMatchObject({
      code: "RATE_LIMITED",
      details: { runId: expect.any(String), retryable: true, retryAfterMs: expect.any(Number), remaining: 0 },
    });
  });

  test("where retrying cannot help there is no Retry-After", async () => {
    await api.database.db
      .update(payers)
      .set({ blockedReason: "dispute" })
      .where(eq(payers.id, tenant.payerId));
    const refused = await execute({});
    expect(refused.status).toBe(402);
    expect(refused.headers.has("retry-after")).toBe(false);
    expect(await errorOf(refused)).toMatchObject({ code: "PAYER_BLOCKED" });
  });

  test("streams the same events, each with an id to resume by", async () => {
    const { events } = await readEvents(
      executeUrl(tenant.workflowId),
      { "content-type": "application/json", "x-api-key": tenant.apiKey },
      { init: { method: "POST", body: '{"stream":true}' } },
    );
    expect(events.map(({ data }) => data.type).at(0)).toBe("admitted");
    expect(events.map(({ data }) => data.type).at(-1)).toBe("settled");
    const [runId] = (events[0]?.id ?? "").split(":");
    expect(events.map(({ id }) => id)).toEqual(events.map((_, seq) => `${runId}:${seq}`));
  });

  test("a session cookie opens nothing here", async () => {
    const { cookie } = await signUp(api);
    const response = await execute({}, { cookie, ...browser });
    expect(response.status).toBe(401);
    expect(await errorOf(response)).toMatchObject({ code: "UNAUTHENTICATED" });
  });

  test("every problem of a bad body is named", async () => {
    const response = await execute({ input: [], stream: "yes", trigger: "manual" });
    expect(response.status).toBe(400);
    const { code, details } = await errorOf(response);
    expect(code).toBe("BAD_REQUEST");
    expect(details).toMatchObject({ problems: [{ path: ["input"] }, { path: ["stream"] }, { path: [] }] });
  });

  test("every problem of an input is named", async () => {
    const response = await execute({ input: { message: 7, extra: 1 } });
    expect(response.status).toBe(400);
    const { details } = await errorOf(response);
    expect(details).toMatchObject({ problems: [{ path: ["extra"] }, { path: ["message"] }] });
  });

  test.each([
    ["no JSON", '{"input":', 400, "BAD_REQUEST"],
    ["a polluted prototype", '{"__proto__":{"a":1}}', 400, "BAD_REQUEST"],
    [
      "more than 10 MB",
      JSON.stringify({ input: { message: "x".repeat(10_500_000) } }),
      413,
      "PAYLOAD_TOO_LARGE",
    ],
  ])("a body that is %s is refused in a sentence", async (_, body, status, code) => {
    const response = await execute(body);
    expect(response.status).toBe(status);
    const error = await errorOf(response);
    expect(error.code).toBe(code);
    expect(JSON.stringify(error)).not.toMatch(/FST_|stack|Unexpected/);
  });

  test("no body at all is a run without input; another content type is refused", async () => {
    const headers = { "x-api-key": tenant.apiKey };
    const none = await fetch(executeUrl(tenant.workflowId), { method: "POST", headers });
    expect(none.status).toBe(200);
    const form = await execute("a=1", { ...headers, "content-type": "application/x-www-form-urlencoded" });
    expect(form.status).toBe(415);
  });
});

describe("GET /api/v2/workflows/:workflowId/runs/:runId", () => {
  const get = (workflowId: string, runId: string, apiKey = tenant.apiKey) =>
    fetch(`${api.baseUrl}/api/v2/workflows/${workflowId}/runs/${runId}`, {
      headers: { "x-api-key": apiKey },
    });

  test("tells a run with its cost", async () => {
    const { data: run } = JSON.parse(await (await execute({})).text());
    const response = await get(tenant.workflowId, run.runId);
    expect(response.status).toBe(200);
    const { data } = JSON.parse(await response.text());
    expect(data).toMatchObject({
      runId: run.runId,
      status: "completed",
      output: run.output,
      costMicros: 5_000,
    });
  });

  test("a run of another workflow, another workspace or none at all is 404", async () => {
    const { data: run } = JSON.parse(await (await execute({})).text());
    const other = await insertTenant(api.database.db);
    // Even for a user who may see both: the key opens one workspace.
    await insertPermission(api.database.db, {
      userId: other.userId,
      workspaceId: tenant.workspaceId,
      level: "admin",
    });
    const answers = await Promise.all([
      get("another", run.runId),
      get(tenant.workflowId, run.runId, other.apiKey),
      get(tenant.workflowId, "none"),
      get(tenant.workflowId, "%00"),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });

  test("nobody unknown is told anything", async () => {
    await insertUser(api.database.db);
    expect((await get(tenant.workflowId, "none", "gty_unknown")).status).toBe(401);
  });
});
