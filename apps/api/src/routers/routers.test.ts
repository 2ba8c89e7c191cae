import { insertTenant, type Tenant } from "@gantry/db/testing";
import { emptyDefinition } from "@gantry/workflow";
import { TRPCClientError } from "@trpc/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browser, signUp, startTestApi, type TestApi } from "../testing.ts";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  api = await startTestApi();
  tenant = await insertTenant(api.database.db);
});
afterAll(() => api[Symbol.asyncDispose]());

async function failureOf(call: Promise<unknown>) {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TRPCClientError)) throw new Error("The call did not fail.", { cause: error });
  return { message: error.message, data: error.data };
}

async function person() {
  const client = api.client(await signUp(api));
  const [workspace] = await client.workspace.list.query();
  if (workspace === undefined) throw new Error("no workspace");
  return { client, workspaceId: workspace.id };
}

describe("building", () => {
  test("a workflow is created, saved, deployed, rolled back, undeployed and archived", async () => {
    const { client, workspaceId } = await person();
    const { id: workflowId } = await client.workflow.create.mutate({ workspaceId, name: "  Echo  " });
    const created = await client.workflow.get.query({ workflowId });
    expect(created).toMatchObject({ name: "Echo", draftRevision: 1, draft: emptyDefinition(), problems: [] });

    const first = await client.deployment.deploy.mutate({ workflowId, note: "first" });
    const definition = { ...emptyDefinition(), variables: [{ name: "one", value: 1 }] };
    const save = { workflowId, baseRevision: 1, definition };
    expect(await client.workflow.saveDraft.mutate(save)).toEqual({ revision: 2, problems: [] });
    await client.deployment.deploy.mutate({ workflowId });
    expect(await client.deployment.activate.mutate({ workflowId, versionId: first.versionId })).toEqual({
      number: 1,
    });
    expect(await client.deployment.list.query({ workflowId })).toMatchObject([
      { number: 2, active: false, deployedBy: "Ada" },
      { number: 1, active: true, note: "first" },
    ]);
    await client.deployment.undeploy.mutate({ workflowId });
    expect((await client.workflow.list.query({ workspaceId }))[0]).toMatchObject({
      activeVersionNumber: null,
    });
    await client.workflow.archive.mutate({ workflowId });
    expect(await client.workflow.list.query({ workspaceId })).toEqual([]);
  });

  test("a stale save is a conflict that tells the current revision", async () => {
    const { client, workspaceId } = await person();
    const { id: workflowId } = await client.workflow.create.mutate({ workspaceId, name: "Echo" });
    const save = { workflowId, baseRevision: 1, definition: emptyDefinition() };
    await client.workflow.saveDraft.mutate(save);
    expect(await failureOf(client.workflow.saveDraft.mutate(save))).toMatchObject({
      data: { httpStatus: 409, conflict: { currentRevision: 2 } },
    });
  });

  test("a draft with problems is saved and told, and deploying it names them all", async () => {
    const { client, workspaceId } = await person();
    const { id: workflowId } = await client.workflow.create.mutate({ workspaceId, name: "Echo" });
    const definition = { schemaVersion: 1, blocks: [], edges: [{}], variables: [] };
    const { problems } = await client.workflow.saveDraft.mutate({ workflowId, baseRevision: 1, definition });
    expect(problems.length).toBeGreaterThan(1);
    expect(await client.workflow.validate.mutate({ definition })).toEqual({ problems });
    const { data } = await failureOf(client.deployment.deploy.mutate({ workflowId }));
    expect(data).toMatchObject({ httpStatus: 400, problems });
  });

  test("an API key's secret is told once, works, and is refused once revoked", async () => {
    const { client, workspaceId } = await person();
    const { id: workflowId } = await client.workflow.create.mutate({ workspaceId, name: "Echo" });
    const created = await client.apiKey.create.mutate({ workspaceId, name: "CI" });
    const byKey = api.client({ "x-api-key": created.secret });
    expect(await byKey.workflow.list.query({ workspaceId })).toMatchObject([{ id: workflowId }]);
    expect(JSON.stringify(await client.apiKey.list.query({ workspaceId }))).not.toContain(created.secret);
    await client.apiKey.revoke.mutate({ apiKeyId: created.id });
    expect(await failureOf(byKey.workflow.list.query({ workspaceId }))).toMatchObject({
      data: { httpStatus: 401 },
    });
  });

  test("environment values and provider keys are written and never read back", async () => {
    const { client, workspaceId } = await person();
    const scope = { kind: "workspace", workspaceId } as const;
    const secret = "sk-ant-never-shown-again";
    await client.environment.set.mutate({ scope, name: "TOKEN", value: secret });
    await client.environment.set.mutate({ scope: { kind: "personal" }, name: "MINE", value: secret });
    const key = { owner: scope, name: "Ours", key: { provider: "anthropic", apiKey: secret } } as const;
    const added = await client.providerKey.add.mutate(key);
    const [environment, providerKeys] = await Promise.all([
      client.environment.list.query({ workspaceId }),
      client.providerKey.list.query({ workspaceId }),
    ]);
    expect(environment).toMatchObject({ workspace: [{ name: "TOKEN" }], personal: [{ name: "MINE" }] });
    expect(providerKeys).toMatchObject({ workspace: [{ id: added.id }], organization: null });
    expect(JSON.stringify([environment, providerKeys])).not.toContain(secret);
    await client.environment.remove.mutate({ scope, name: "TOKEN" });
    await client.providerKey.revoke.mutate({ owner: scope, providerKeyId: added.id });
    expect(await client.providerKey.list.query({ workspaceId })).toMatchObject({ workspace: [] });
  });

  test("a second person gets in by permission and is out without it", async () => {
    const { client, workspaceId } = await person();
    const guestClient = api.client(await signUp(api, "Guest"));
    await guestClient.workspace.list.query();
    expect(await failureOf(guestClient.workflow.list.query({ workspaceId }))).toMatchObject({
      data: { httpStatus: 404 },
    });
    const email = "nobody@example.com";
    const unknown = await failureOf(
      client.workspace.setPermission.mutate({ workspaceId, email, level: "read" }),
    );
    expect(unknown).toMatchObject({ data: { httpStatus: 400, problems: [{ path: ["email"] }] } });
  });

  test("usage tells what the payer has and may use", async () => {
    const { client, workspaceId } = await person();
    expect(await client.usage.get.query({ workspaceId })).toMatchObject({
      billingEnabled: true,
      payer: { kind: "user", name: "Ada" },
      plan: "free",
      settledMicros: 0,
      limitMicros: 5_000_000,
      concurrency: { inUse: 0, limit: 10 },
      rate: { sync: { remaining: 100, capacity: 100, perMinute: 50 } },
    });
  });
});

describe("who may ask", () => {
  test("everybody may ask for the status, nobody unknown for anything else", async () => {
    const nobody = api.client({});
    expect(await nobody.system.status.query()).toMatchObject({ models: "local" });
    expect(await failureOf(nobody.workspace.list.query())).toMatchObject({ data: { httpStatus: 401 } });
  });

  test("an API key that is wrong does not fall back to the cookie beside it", async () => {
    const session = await signUp(api);
    const both = api.client({ ...session, "x-api-key": "gty_wrong" });
    expect(await failureOf(both.workspace.list.query())).toMatchObject({ data: { httpStatus: 401 } });
    const right = api.client({ ...session, "x-api-key": tenant.apiKey });
    expect((await right.workspace.list.query()).map(({ id }) => id)).toEqual([tenant.workspaceId]);
  });

  test.each([
    {},
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "https://evil.example" },
  ])("a change with the session cookie that may come from another site (%j) is refused", async (headers) => {
    const { cookie } = await signUp(api);
    const foreign = api.client({ cookie, ...headers });
    expect(await failureOf(foreign.workspace.create.mutate({ name: "Mine" }))).toMatchObject({
      data: { httpStatus: 403 },
    });
    await foreign.workspace.list.query();
  });

  test("an API key needs no origin", async () => {
    const client = api.client({ "x-api-key": tenant.apiKey });
    const created = client.workflow.create.mutate({ workspaceId: tenant.workspaceId, name: "By key" });
    expect(await created).toEqual({ id: expect.any(String) });
  });
});

describe("bad input", () => {
  test("every problem is named, with its path", async () => {
    const client = api.client(await signUp(api));
    const input: { workspaceId: string; name: string } = JSON.parse(
      '{"name": "", "description": 7, "extra": true}',
    );
    const { message, data } = await failureOf(client.workflow.create.mutate(input));
    expect(message).toBe("The input is not valid.");
    expect(data).toMatchObject({ code: "BAD_REQUEST", httpStatus: 400 });
    expect(data?.problems?.map(({ path }: { path: unknown[] }) => path.join("."))).toEqual([
      "workspaceId",
      "name",
      "description",
      "",
    ]);
  });

  test.each(["a\u0000b", "x".repeat(300)])(
    "an id that cannot be one is bad input, not an error of ours",
    async (id) => {
      const client = api.client(await signUp(api));
      expect(await failureOf(client.workflow.get.query({ workflowId: id }))).toMatchObject({
        data: { httpStatus: 400 },
      });
    },
  );

  test("a body that is no JSON is told without the parser's words", async () => {
    const response = await fetch(`${api.baseUrl}/trpc/workspace.create`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": tenant.apiKey, ...browser },
      body: '{"name": ',
    });
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(text).toContain("not well-formed JSON");
    expect(text).not.toContain("stack");
  });

  test("a procedure that does not exist is 404", async () => {
    const response = await fetch(`${api.baseUrl}/trpc/workflow.explode`);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain("stack");
  });

  test("a body over 10 MB is 413, in tRPC's shape", async () => {
    const client = api.client({ "x-api-key": tenant.apiKey });
    const definition = { blocks: "x".repeat(10_500_000) };
    expect(
      await failureOf(
        client.workflow.create.mutate({ workspaceId: tenant.workspaceId, name: "Big", definition }),
      ),
    ).toMatchObject({ data: { code: "PAYLOAD_TOO_LARGE", httpStatus: 413, problems: null } });
  });
});

describe("what is our fault", () => {
  test("is told as an incident, without SQL or a stack; the log has the cause under the same name", async () => {
    const client = api.client({ "x-api-key": tenant.apiKey });
    await api.database.sql`alter table workspace_permissions rename to gone`;
    try {
      const { message, data } = await failureOf(
        client.workflow.list.query({ workspaceId: tenant.workspaceId }),
      );
      expect(data).toMatchObject({ code: "INTERNAL_SERVER_ERROR", httpStatus: 500 });
      expect(JSON.stringify({ message, data })).not.toMatch(
        /select|workspace_permissions|stack|node_modules/i,
      );
      const [, incident = "none"] = /The incident is (\S+)\.$/.exec(message) ?? [];
      const logged = api.logLines.filter((line) => line.includes(incident)).join("");
      expect(logged).toContain("workspace_permissions");
    } finally {
      await api.database.sql`alter table gone rename to workspace_permissions`;
    }
  });
});
