import { setTimeout as pause } from "node:timers/promises";
import { type Database, openDatabase } from "@gantry/db";
import { insertTenant, startTcpProxy, type TcpProxy, type Tenant } from "@gantry/db/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browser, signUp, startTestApi, type TestApi } from "../testing.ts";
import { readEvents } from "../testing-events.ts";

const sentence = "Gantry's database does not answer right now. Try again in a moment.";

let proxy: TcpProxy;
let pool: Database;
let api: TestApi;
let tenant: Tenant;
let session: Record<string, string>;
let apiKey: Record<string, string>;
let runId: string;

beforeAll(async () => {
  api = await startTestApi({
    openPool: async (database) => {
      const url = new URL(database.url);
      proxy = await startTcpProxy({ target: { host: url.hostname, port: Number(url.port) } });
      url.port = String(proxy.port);
      pool = openDatabase({ url: url.href, poolMax: 20, applicationName: "gantry-outage" });
      return pool;
    },
    readiness: async () => ({
      database: await pool.sql`select 1`.then(
        () => "ok" as const,
        () => "unreachable" as const,
      ),
      migrations: "current",
    }),
  });
  tenant = await insertTenant(api.database.db);
  apiKey = { "x-api-key": tenant.apiKey };
  session = { ...(await signUp(api)), origin: api.baseUrl };
  const { workflowId } = tenant;
  ({ runId } = await api.client(apiKey).execution.run.mutate({ workflowId, input: { message: "hi" } }));
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await proxy.close();
});
afterEach(async () => {
  await proxy.restore();
  await until(async () => (await get("/readyz")).status === 200);
});

describe("while the database is away", () => {
  test("a procedure answers 503 in tRPC's shape, whether its own read fails or the caller's", async () => {
    await proxy.cut();
    for (const [call, headers] of [
      [query("workflow.list", { workspaceId: tenant.workspaceId }), apiKey],
      [query("execution.get", { runId }), apiKey],
      [query("workspace.list", undefined), session],
    ] as const) {
      const response = await get(call, headers);
      expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({
        error: { message: sentence, code: -32603, data: { code: "SERVICE_UNAVAILABLE", httpStatus: 503 } },
      });
      expectNothingInternal(text);
    }
  });

  test("in a batch only the calls that need the database fail", async () => {
    await proxy.cut();
    const input = encodeURIComponent(JSON.stringify({ "1": { runId } }));
    const response = await get(`/trpc/system.status,execution.get?batch=1&input=${input}`, apiKey);
    expect([response.status, response.headers.get("retry-after")]).toEqual([207, "1"]);
    expect(JSON.parse(await response.text())).toMatchObject([
      { result: {} },
      { error: { message: sentence, data: { code: "SERVICE_UNAVAILABLE", httpStatus: 503 } } },
    ]);
  });

  test("a stream that is resumed says so in its own events", async () => {
    await proxy.cut();
    const call = query("execution.stream", { workflowId: tenant.workflowId, lastEventId: `${runId}:0` });
    const { error } = await readEvents(`${api.baseUrl}${call}`, apiKey);
    expect(error).toMatchObject({ message: sentence, data: { code: "SERVICE_UNAVAILABLE" } });
    expectNothingInternal(JSON.stringify(error));
  });

  test("GET /api/v2/workflows/:workflowId/runs/:runId answers 503 UNAVAILABLE", async () => {
    await proxy.cut();
    const response = await get(runPath(), apiKey);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await response.json()).toEqual({ error: { code: "UNAVAILABLE", message: sentence, details: {} } });
  });

  test.each([
    { what: "signing in", path: "/sign-in/email", body: { email: "a@example.com", password: "long enough" } },
    {
      what: "signing up",
      path: "/sign-up/email",
      body: { name: "A", email: "a@example.com", password: "long enough" },
    },
    { what: "reading a session", path: "/get-session", body: null },
    { what: "what needs a session", path: "/organization/list", body: null },
    { what: "revoking a session", path: "/revoke-sessions", body: {} },
    { what: "signing out", path: "/sign-out", body: {} },
  ])("$what answers 503, and the browser keeps its session", async ({ path, body }) => {
    await proxy.cut();
    const response = await auth(path, body);
    const text = await response.text();
    expect([response.status, text]).toEqual([
      503,
      JSON.stringify({ code: "UNAVAILABLE", message: sentence }),
    ]);
    expect(response.headers.get("retry-after")).toBe("1");
    expect(response.headers.getSetCookie()).toEqual([]);
    await proxy.restore();
    await until(async () => (await auth("/get-session", null)).status === 200);
    expect(await (await auth("/get-session", null)).json()).not.toBeNull();
  });

  test("a connection that breaks under a query answers 503 too", async () => {
    const pending = api.database.sql.begin(async (sql) => {
      await sql`lock table api_keys in access exclusive mode`;
      const answer = get(runPath(), apiKey);
      await until(async () => {
        const waiting = await api.database.sql`
          select 1 from pg_stat_activity where application_name = 'gantry-outage' and wait_event_type = 'Lock'`;
        return waiting.length > 0;
      });
      await proxy.cut();
      return (await answer).status;
    });
    expect(await pending).toBe(503);
  });
});

describe("when the database is back", () => {
  test("everything works again by itself", async () => {
    await proxy.cut();
    expect((await get(runPath(), apiKey)).status).toBe(503);
    await proxy.restore();
    const calls = [
      () => get(runPath(), apiKey),
      () => get(query("execution.get", { runId }), apiKey),
      () => get(query("workspace.list", undefined), session),
      () => auth("/organization/list", null),
    ];
    for (const call of calls) await until(async () => (await call()).status === 200);
    expect((await get(runPath(), apiKey)).headers.has("retry-after")).toBe(false);
  });
});

describe("what is our fault", () => {
  test("stays 500, without a promise that trying again helps", async () => {
    await api.database.sql`alter table api_keys rename to gone`;
    try {
      // On the connections of before, prepared statements would still know the table.
      await proxy.cut();
      await proxy.restore();
      await until(async () => (await get(runPath(), apiKey)).status === 500);
      for (const path of [runPath(), query("execution.get", { runId })]) {
        const response = await get(path, apiKey);
        expect([response.status, response.headers.get("retry-after")]).toEqual([500, null]);
        expect(await response.text()).toContain("Something went wrong on our side.");
      }
    } finally {
      await api.database.sql`alter table gone rename to api_keys`;
    }
  });

  test("an account request that fails while the database answers keeps better-auth's own answer", async () => {
    await api.database.sql`alter table sessions rename to gone`;
    try {
      expect((await auth("/get-session", null)).status).toBe(500);
    } finally {
      await api.database.sql`alter table gone rename to sessions`;
    }
  });
});

function runPath(): string {
  return `/api/v2/workflows/${tenant.workflowId}/runs/${runId}`;
}

function query(path: string, input: unknown): string {
  const given = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  return `/trpc/${path}${given}`;
}

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${api.baseUrl}${path}`, { headers });
}

function auth(path: string, body: object | null): Promise<Response> {
  const url = `${api.baseUrl}/api/auth${path}`;
  if (body === null) return fetch(url, { headers: session });
  const headers = { ...session, ...browser, "content-type": "application/json" };
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
}

function expectNothingInternal(text: string): void {
  expect(text).not.toMatch(/select|127\.0\.0\.1|localhost|ECONN|CONNECTION_|node_modules|\.ts|stack/i);
}

/** The driver waits longer before each further attempt to connect. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("The condition did not come true.");
    await pause(20);
  }
}
