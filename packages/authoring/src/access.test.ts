import { createTestDatabase, insertTenant, insertWorkspace, type Tenant } from "@gantry/db/testing";
import { describe, expect, test } from "vitest";
import type { Level } from "./access.ts";
import { createApiKey } from "./api-keys/create-api-key.ts";
import { listApiKeys } from "./api-keys/list-api-keys.ts";
import { revokeApiKey } from "./api-keys/revoke-api-key.ts";
import { activate, undeploy } from "./deployments/activate.ts";
import { deploy } from "./deployments/deploy.ts";
import { getDeployment, listDeployments } from "./deployments/list-deployments.ts";
import type { AuthoringDeps, Principal } from "./deps.ts";
import { listEnvironment } from "./environment/list-environment.ts";
import { removeEnvironmentValue } from "./environment/remove-environment-value.ts";
import { setEnvironmentValue } from "./environment/set-environment-value.ts";
import { addProviderKey } from "./provider-keys/add-provider-key.ts";
import { listProviderKeys } from "./provider-keys/list-provider-keys.ts";
import { revokeProviderKey } from "./provider-keys/revoke-provider-key.ts";
import { session, somebody, testDeps } from "./testing.ts";
import { archiveWorkflow } from "./workflows/archive-workflow.ts";
import { createWorkflow } from "./workflows/create-workflow.ts";
import { getWorkflow } from "./workflows/get-workflow.ts";
import { listWorkflows } from "./workflows/list-workflows.ts";
import { saveDraft } from "./workflows/save-draft.ts";
import { listMembers } from "./workspaces/list-members.ts";
import { listWorkspaces } from "./workspaces/list-workspaces.ts";
import { removePermission, setPermission } from "./workspaces/permissions.ts";

type Call = (deps: AuthoringDeps, who: Principal, tenant: Tenant) => Promise<{ readonly kind: string }>;

/** Every use case that touches a workspace, and the least permission that may call it. */
const calls: readonly {
  readonly name: string;
  readonly least: Level;
  readonly byKey: boolean;
  readonly call: Call;
}[] = [
  { name: "listMembers", least: "read", byKey: true, call: (d, w, t) => listMembers(d, w, t.workspaceId) },
  {
    name: "setPermission",
    least: "admin",
    byKey: false,
    call: (d, w, t) =>
      setPermission(d, w, { workspaceId: t.workspaceId, email: "nobody@example.com", level: "read" }),
  },
  {
    name: "removePermission",
    least: "admin",
    byKey: false,
    call: (d, w, t) => removePermission(d, w, { workspaceId: t.workspaceId, userId: "nobody" }),
  },
  {
    name: "listWorkflows",
    least: "read",
    byKey: true,
    call: (d, w, t) => listWorkflows(d, w, t.workspaceId),
  },
  { name: "getWorkflow", least: "read", byKey: true, call: (d, w, t) => getWorkflow(d, w, t.workflowId) },
  {
    name: "createWorkflow",
    least: "write",
    byKey: true,
    call: (d, w, t) => createWorkflow(d, w, { workspaceId: t.workspaceId, name: "New" }),
  },
  {
    name: "saveDraft",
    least: "write",
    byKey: true,
    call: (d, w, t) => saveDraft(d, w, { workflowId: t.workflowId, baseRevision: 99, definition: {} }),
  },
  {
    name: "deploy",
    least: "write",
    byKey: true,
    call: (d, w, t) => deploy(d, w, { workflowId: t.workflowId }),
  },
  {
    name: "listDeployments",
    least: "read",
    byKey: true,
    call: (d, w, t) => listDeployments(d, w, t.workflowId),
  },
  { name: "getDeployment", least: "read", byKey: true, call: (d, w, t) => getDeployment(d, w, t) },
  { name: "activate", least: "write", byKey: true, call: (d, w, t) => activate(d, w, t) },
  { name: "undeploy", least: "write", byKey: true, call: (d, w, t) => undeploy(d, w, t.workflowId) },
  { name: "listApiKeys", least: "read", byKey: true, call: (d, w, t) => listApiKeys(d, w, t.workspaceId) },
  {
    name: "createApiKey",
    least: "admin",
    byKey: false,
    call: (d, w, t) => createApiKey(d, w, { workspaceId: t.workspaceId, name: "New" }),
  },
  { name: "revokeApiKey", least: "admin", byKey: false, call: (d, w, t) => revokeApiKey(d, w, t.apiKeyId) },
  {
    name: "listEnvironment",
    least: "read",
    byKey: true,
    call: (d, w, t) => listEnvironment(d, w, t.workspaceId),
  },
  {
    name: "setEnvironmentValue",
    least: "admin",
    byKey: false,
    call: (d, w, t) =>
      setEnvironmentValue(d, w, {
        scope: { kind: "workspace", workspaceId: t.workspaceId },
        name: "A",
        value: "a",
      }),
  },
  {
    name: "removeEnvironmentValue",
    least: "admin",
    byKey: false,
    call: (d, w, t) =>
      removeEnvironmentValue(d, w, { scope: { kind: "workspace", workspaceId: t.workspaceId }, name: "A" }),
  },
  {
    name: "listProviderKeys",
    least: "read",
    byKey: true,
    call: (d, w, t) => listProviderKeys(d, w, t.workspaceId),
  },
  {
    name: "addProviderKey",
    least: "admin",
    byKey: false,
    call: (d, w, t) =>
      addProviderKey(d, w, {
        owner: { kind: "workspace", workspaceId: t.workspaceId },
        name: "New",
        key: { provider: "anthropic", apiKey: "sk-12345678" },
      }),
  },
  {
    name: "revokeProviderKey",
    least: "admin",
    byKey: false,
    // One that is not there: told only to those who may revoke, as `not_found`, so `forbidden` still shows.
    call: (d, w, t) =>
      revokeProviderKey(d, w, {
        owner: { kind: "workspace", workspaceId: t.workspaceId },
        providerKeyId: "none",
      }),
  },
  {
    name: "archiveWorkflow",
    least: "write",
    byKey: true,
    call: (d, w, t) => archiveWorkflow(d, w, t.workflowId),
  },
];

const rank: Readonly<Record<Level, number>> = { read: 1, write: 2, admin: 3 };

describe("access", () => {
  test("whoever has no permission in a workspace is told that nothing there exists", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const tenant = await insertTenant(database.db);
    const stranger = await somebody(database, tenant.workspaceId, null);
    for (const { name, call } of calls) {
      expect({ name, ...(await call(deps, stranger, tenant)) }).toEqual({ name, kind: "not_found" });
    }
  });

  test.each(["read", "write", "admin"] as const)(
    "level %s may do what its rank allows and no more",
    async (level) => {
      await using database = await createTestDatabase();
      const deps = testDeps(database);
      const tenant = await insertTenant(database.db);
      const member = await somebody(database, tenant.workspaceId, level);
      for (const { name, least, call } of calls) {
        const { kind } = await call(deps, member, tenant);
        expect({ name, forbidden: kind === "forbidden" }).toEqual({
          name,
          forbidden: rank[level] < rank[least],
        });
      }
    },
  );

  test("an admin's API key hands out no access: no keys, permissions or secrets", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const tenant = await insertTenant(database.db);
    const key = { userId: tenant.userId, apiKeyId: tenant.apiKeyId, workspaceId: tenant.workspaceId };
    for (const { name, byKey, call } of calls) {
      const { kind } = await call(deps, key, tenant);
      expect({ name, forbidden: kind === "forbidden" }).toEqual({ name, forbidden: !byKey });
    }
    const personal = { scope: { kind: "personal" }, name: "A", value: "a" } as const;
    expect(await setEnvironmentValue(deps, key, personal)).toEqual({ kind: "forbidden" });
  });

  test("an API key sees its own workspace only, although its user sees more", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const tenant = await insertTenant(database.db);
    const other = await insertWorkspace(database.db, { userId: tenant.userId });
    const key = { userId: tenant.userId, apiKeyId: tenant.apiKeyId, workspaceId: other.id };
    expect((await listWorkspaces(deps, key)).map(({ id }) => id)).toEqual([other.id]);
    expect(await listWorkspaces(deps, session(tenant.userId))).toHaveLength(2);
    for (const { name, call } of calls) {
      expect({ name, ...(await call(deps, key, tenant)) }).toEqual({ name, kind: "not_found" });
    }
  });
});
