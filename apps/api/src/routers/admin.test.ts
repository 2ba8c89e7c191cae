import { slots } from "@gantry/db";
import { insertMember, insertOrganization, insertTenant, type Tenant } from "@gantry/db/testing";
import type { AnyTRPCProcedure } from "@trpc/server";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browser, signUp, startTestApi, type TestApi } from "../testing.ts";
import { appRouter } from "./root.ts";

let api: TestApi;
/** Headers of an admin, and of somebody who is signed in and no admin. */
let admin: Record<string, string>;
let person: Record<string, string>;
let adminId: string;
let tenant: Tenant;
let organizationId: string;
let runId: string;
beforeAll(async () => {
  api = await startTestApi();
  const { db, sql } = api.database;
  admin = await signUp(api, "Root");
  const [root] = await sql<{ id: string }[]>`UPDATE users SET role = 'admin' RETURNING id`;
  adminId = root?.id ?? "";
  person = await signUp(api, "Eve");
  tenant = await insertTenant(db);
  organizationId = (await insertOrganization(db)).id;
  await insertMember(db, { organizationId, userId: tenant.userId });
  await sql`UPDATE payers SET blocked_reason = 'dispute' WHERE id = ${tenant.payerId}`;
  runId = await insertSlot();
});
afterAll(() => api[Symbol.asyncDispose]());

async function insertSlot(): Promise<string> {
  const id = uuidv7();
  const after = (ms: number) => new Date(Date.now() + ms);
  await api.database.db.insert(slots).values({
    runId: id,
    payerId: tenant.payerId,
    userId: tenant.userId,
    workspaceId: tenant.workspaceId,
    workflowId: tenant.workflowId,
    versionId: tenant.versionId,
    profile: "api",
    plan: "free",
    input: "{}",
    decision: "[]",
    holder: "a-process-that-hangs",
    epoch: 1,
    holdMicros: 5_000,
    periodStart: new Date(Date.UTC(2026, 0)),
    countsForMember: false,
    expiresAt: after(600_000),
    deadlineAt: after(600_000),
  });
  return id;
}

/** An input for each procedure of admins, in an order in which each can be carried out. */
function inputs(): Readonly<Record<string, unknown>> {
  const account = { kind: "user", id: tenant.userId };
  const none = { usageLimitMicros: null, concurrentRunsMax: null };
  return {
    "admin.accounts": { search: "a" },
    "admin.account": { account },
    "admin.ban": { account, reason: "abuse", endsAt: null },
    "admin.liftBan": { account },
    "admin.setPlan": { account, plan: "pro", usageLimitMicros: null },
    "admin.setLimits": { account, overrides: { ...none, syncRunsPerMinute: 9, asyncRunsPerMinute: null } },
    "admin.setShadowLimits": { account, shadowLimits: { ...none, runsPerMinute: 9 } },
    "admin.setMemberCap": { organizationId, userId: tenant.userId, capMicros: 5 },
    "admin.unblockPayer": { account },
    "admin.slots": {},
    "admin.freeSlot": { runId },
    "admin.refusalRecords": {},
    "admin.providers": {},
    "admin.shadowReport": {},
    "admin.audit": {},
  };
}

/** Which of the procedures change something. */
const mutations: ReadonlySet<string> = new Set(
  Object.entries<unknown>(appRouter._def.procedures).flatMap(([path, procedure]) => {
    if (!isProcedure(procedure)) throw new Error(`${path} is no procedure`);
    return procedure._def.type === "mutation" ? [path] : [];
  }),
);

function isProcedure(value: unknown): value is AnyTRPCProcedure {
  return typeof value === "function" && "_def" in value;
}

async function call(path: string, headers: Record<string, string>) {
  const input = JSON.stringify(inputs()[path]);
  const url = `${api.baseUrl}/trpc/${path}`;
  const response = mutations.has(path)
    ? await fetch(url, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: input,
      })
    : await fetch(`${url}?input=${encodeURIComponent(input)}`, { headers });
  return { path, status: response.status, text: await response.text() };
}

async function entries(): Promise<number> {
  return (await api.database.sql`SELECT 1 FROM audit_entries`).length;
}

describe("the procedures of admins", () => {
  test("are all tried below", () => {
    const all = Object.keys(appRouter._def.procedures).filter((path) => path.startsWith("admin."));
    expect(Object.keys(inputs()).toSorted()).toEqual(all.toSorted());
  });

  test("can be called by no person who is not an admin, by no API key, and by nobody unknown", async () => {
    const [workspace] = await api.client(admin).workspace.list.query();
    const { secret } = await api
      .client(admin)
      .apiKey.create.mutate({ workspaceId: workspace?.id ?? "", name: "An admin's" });
    for (const path of Object.keys(inputs())) {
      const refused = await call(path, person);
      expect(refused).toMatchObject({ path, status: 403 });
      expect(refused.text).toContain("You may not manage this Gantry: that is for its admins.");
      expect(await call(path, { "x-api-key": secret })).toMatchObject({ path, status: 403 });
      expect(await call(path, {})).toMatchObject({ path, status: 401 });
    }
    expect(await entries()).toBe(0);
  });

  test("cannot be called from another site with an admin's cookie", async () => {
    const foreign = { cookie: admin["cookie"] ?? "", "sec-fetch-site": "cross-site" };
    for (const path of Object.keys(inputs()).filter((name) => mutations.has(name))) {
      expect(await call(path, foreign)).toMatchObject({ path, status: 403 });
    }
    expect(await entries()).toBe(0);
  });

  test("leave exactly one audit entry where they change something, and none where they read", async () => {
    for (const path of Object.keys(inputs())) {
      const before = await entries();
      expect(await call(path, admin)).toMatchObject({ path, status: 200 });
      expect({ path, entries: (await entries()) - before }).toEqual({
        path,
        entries: mutations.has(path) ? 1 : 0,
      });
    }
    const { items } = await api.client(admin).admin.audit.query({});
    expect(items.every(({ actor }) => actor?.userId === adminId)).toBe(true);
  });

  test("say in a sentence why something cannot be done", async () => {
    const client = api.client(admin).admin;
    const account = { kind: "user", id: tenant.userId } as const;
    const cases: [Promise<unknown>, number, RegExp][] = [
      [client.account.query({ account: { kind: "user", id: "none" } }), 404, /no such account/],
      [client.freeSlot.mutate({ runId: "none" }), 404, /no such run in progress/],
      [client.liftBan.mutate({ account }), 400, /not banned any more/],
      [client.unblockPayer.mutate({ account }), 400, /not blocked any more/],
      [client.ban.mutate({ account, reason: "x", endsAt: 1 }), 400, /in the future/],
      [
        client.setPlan.mutate({ account, plan: "enterprise", usageLimitMicros: null }),
        400,
        /Give it a limit/,
      ],
      [client.setMemberCap.mutate({ organizationId, userId: "none", capMicros: 1 }), 400, /not in the/],
    ];
    for (const [answer, httpStatus, message] of cases) {
      await expect(answer).rejects.toMatchObject({
        data: { httpStatus },
        message: expect.stringMatching(message),
      });
    }
  });
});

describe("who is an admin", () => {
  test("is told to themselves", async () => {
    expect(await api.client(admin).session.me.query()).toEqual({ isAdmin: true });
    expect(await api.client(person).session.me.query()).toEqual({ isAdmin: false });
    expect(await api.client({ "x-api-key": tenant.apiKey }).session.me.query()).toEqual({ isAdmin: false });
  });

  test("cannot be chosen when signing up, nor afterwards", async () => {
    const post = (path: string, body: unknown, headers: Record<string, string>) =>
      fetch(`${api.baseUrl}/api/auth${path}`, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json", origin: api.baseUrl },
        body: JSON.stringify(body),
      });
    const email = "mallory@example.com";
    const wish = { name: "Mallory", email, password: "correct horse battery", role: "admin" };
    await post("/sign-up/email", wish, browser);
    await post("/update-user", { name: "Eve", role: "admin" }, person);
    expect(await api.database.sql`SELECT id FROM users WHERE role = 'admin'`).toEqual([{ id: adminId }]);
    expect(await api.client(person).session.me.query()).toEqual({ isAdmin: false });
  });
});

describe("what an admin does", () => {
  test("a banned user's next run is refused with the reason kept inside and the end told, until the ban is lifted", async () => {
    const banned = await insertTenant(api.database.db);
    const account = { kind: "user", id: banned.userId } as const;
    const run = async () => {
      const response = await fetch(`${api.baseUrl}/api/v2/workflows/${banned.workflowId}/execute`, {
        method: "POST",
        headers: { "x-api-key": banned.apiKey, "content-type": "application/json" },
        body: "{}",
      });
      return { status: response.status, text: await response.text() };
    };
    expect(await run()).toMatchObject({ status: 200 });

    const endsAt = Date.now() + 3_600_000;
    const reason = "chargebacks, see ticket 4711";
    await api.client(admin).admin.ban.mutate({ account, reason, endsAt });
    const refused = await run();
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.text)).toMatchObject({
      error: { code: "ACCOUNT_SUSPENDED", details: { subject: "actor", endsAt } },
    });
    expect(refused.text).not.toContain("4711");

    await api.client(admin).admin.liftBan.mutate({ account });
    expect(await run()).toMatchObject({ status: 200 });
  });

  test("a banned organization's workflows do not run, whoever starts them", async () => {
    const client = api.client(admin);
    const owner = await signUp(api, "Owner");
    const created = await fetch(`${api.baseUrl}/api/auth/organization/create`, {
      method: "POST",
      headers: { ...owner, "content-type": "application/json", origin: api.baseUrl },
      body: JSON.stringify({ name: "Bad", slug: "bad" }),
    });
    const { id }: { id: string } = JSON.parse(await created.text());
    const member = api.client(owner);
    const workspace = await member.workspace.create.mutate({ name: "Team", organizationId: id });
    const workflow = await member.workflow.create.mutate({ workspaceId: workspace.id, name: "Echo" });
    await member.execution.run.mutate({ workflowId: workflow.id });
    await client.admin.ban.mutate({ account: { kind: "organization", id }, reason: "abuse", endsAt: null });
    await expect(member.execution.run.mutate({ workflowId: workflow.id })).rejects.toMatchObject({
      data: { refusal: { code: "ACCOUNT_SUSPENDED", numbers: { subject: "payer", endsAt: null } } },
    });
  });

  test("limits and plans hold from the next run on", async () => {
    const { userId, workflowId, apiKey } = await insertTenant(api.database.db);
    const account = { kind: "user", id: userId } as const;
    const client = api.client({ "x-api-key": apiKey });
    const none = { syncRunsPerMinute: null, asyncRunsPerMinute: null, concurrentRunsMax: null };
    await api
      .client(admin)
      .admin.setLimits.mutate({ account, overrides: { ...none, usageLimitMicros: 1_000 } });
    await expect(client.execution.run.mutate({ workflowId })).rejects.toMatchObject({
      data: { refusal: { code: "USAGE_LIMIT_EXCEEDED", numbers: { limitMicros: 1_000 } } },
    });
    await api.client(admin).admin.setPlan.mutate({ account, plan: "pro", usageLimitMicros: null });
    expect(await client.execution.run.mutate({ workflowId })).toMatchObject({ status: "completed" });
  });

  test("a slot that is freed is free at once, and its run is lost", async () => {
    const id = await insertSlot();
    const { items } = await api.client(admin).admin.slots.query({});
    expect(items).toMatchObject([
      { payer: { id: tenant.userId }, inUse: 1, slots: [{ runId: id, holder: "a-process-that-hangs" }] },
    ]);
    expect(await api.client(admin).admin.freeSlot.mutate({ runId: id })).toEqual({ outcome: "freed" });
    expect((await api.client(admin).admin.slots.query({})).items).toEqual([]);
    const run = await api.client({ "x-api-key": tenant.apiKey }).execution.get.query({ runId: id });
    expect(run).toMatchObject({ status: "lost" });
  });

  test("sees which provider keys this process uses, by fingerprint and without the key", async () => {
    const client = api.client(person);
    const [workspace] = await client.workspace.list.query();
    const workspaceId = workspace?.id ?? "";
    const at = { x: 0, y: 0 };
    const definition = {
      schemaVersion: 1,
      blocks: [
        { id: "s", name: "Start", type: "start", position: at, inputs: [] },
        {
          id: "a",
          name: "Agent",
          type: "agent",
          position: at,
          provider: "anthropic",
          model: "claude-haiku-4-5",
          maxTokens: 50,
          prompt: "hello",
        },
      ],
      edges: [{ id: "e", source: "s", sourceHandle: "out", target: "a" }],
      variables: [],
    };
    const { id: workflowId } = await client.workflow.create.mutate({ workspaceId, name: "Asks", definition });
    const before = Date.now();
    expect(await client.execution.run.mutate({ workflowId })).toMatchObject({ status: "completed" });
    const seen = await api.client(admin).admin.providers.query();
    expect(seen).toEqual({
      holder: expect.stringMatching(/^test:/),
      keys: [
        {
          provider: "anthropic",
          source: "platform",
          keyFingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
          clients: 1,
          callsInFlight: 0,
          connections: null,
          lastUsedAt: expect.any(Number),
          draining: false,
        },
      ],
      connections: [{ origin: expect.stringMatching(/^https:\/\/127\.0\.0\.1:/), open: 1, callsInFlight: 0 }],
    });
    expect(seen.keys[0]?.lastUsedAt).toBeGreaterThanOrEqual(before);
    expect(JSON.stringify(seen)).not.toContain("local-");
  });
});
