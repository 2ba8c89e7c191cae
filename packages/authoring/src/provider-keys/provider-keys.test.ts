import { providerKeys } from "@gantry/db";
import {
  createTestDatabase,
  insertMember,
  insertOrganization,
  insertPayer,
  insertTenant,
  insertUser,
  insertWorkspace,
  type TestDatabase,
} from "@gantry/db/testing";
import { sampleKeys } from "@gantry/providers/credentials/testing";
import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { session, somebody, testDeps } from "../testing.ts";
import { addProviderKey } from "./add-provider-key.ts";
import { listOrganizationProviderKeys, listProviderKeys } from "./list-provider-keys.ts";
import type { ProviderKeyOwner } from "./owner.ts";
import { revokeProviderKey } from "./revoke-provider-key.ts";

const key = { provider: "anthropic", apiKey: "sk-ant-0123456789abcdef" } as const;
const sealedKey = JSON.stringify(key);
const keyOf = (owner: ProviderKeyOwner, name = "Ours") => ({ owner, name, key });

describe("a workspace's keys", () => {
  test("a key is sealed for its row, listed without its secret, and gone once revoked", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workspaceId } = await insertTenant(database.db);
    const who = session(userId);
    const owner = { kind: "workspace", workspaceId } as const;
    const added = await addProviderKey(deps, who, keyOf(owner));
    if (added.kind !== "ok") throw new Error(added.kind);
    const [row] = await database.db.select().from(providerKeys);
    const context = `provider-key:${workspaceId}:${added.id}`;
    expect(deps.keyring.open(row?.sealed ?? "", context)).toEqual({ ok: true, value: sealedKey });
    expect(await listProviderKeys(deps, who, workspaceId)).toEqual({
      kind: "ok",
      workspace: [
        { id: added.id, provider: "anthropic", name: "Ours", hint: "...cdef", createdAt: expect.any(Number) },
      ],
      organization: null,
    });

    const revocation = { owner, providerKeyId: added.id };
    expect(await revokeProviderKey(deps, who, revocation)).toEqual({ kind: "ok" });
    expect(await revokeProviderKey(deps, who, revocation)).toEqual({ kind: "ok" });
    expect(await revokeProviderKey(deps, who, { ...revocation, providerKeyId: "none" })).toEqual({
      kind: "not_found",
    });
    expect(await listProviderKeys(deps, who, workspaceId)).toMatchObject({ workspace: [] });
  });

  test("a key of every provider is sealed whole and listed by its provider and hint, none of its secrets", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workspaceId } = await insertTenant(database.db);
    const who = session(userId);
    const owner = { kind: "workspace", workspaceId } as const;
    for (const sample of Object.values(sampleKeys)) {
      const added = await addProviderKey(deps, who, { owner, name: sample.provider, key: sample });
      if (added.kind !== "ok") throw new Error(added.kind);
      const [row] = await database.db.select().from(providerKeys).where(eq(providerKeys.id, added.id));
      expect(row?.provider).toBe(sample.provider);
      expect(deps.keyring.open(row?.sealed ?? "", `provider-key:${workspaceId}:${added.id}`)).toEqual({
        ok: true,
        value: JSON.stringify(sample),
      });
    }
    const listed = await listProviderKeys(deps, who, workspaceId);
    expect(listed).toMatchObject({
      workspace: Object.values(sampleKeys)
        .map(({ provider }) => ({ provider, name: provider }))
        .toReversed(),
    });
    expect(JSON.stringify(listed)).not.toContain("hidden");
  });
});

/** An organization with a workspace, whose admin is not in the organization. */
async function acme(database: TestDatabase) {
  const { id: organizationId } = await insertOrganization(database.db);
  const payer = await insertPayer(database.db, { organizationId });
  const { id: userId } = await insertUser(database.db);
  const workspace = await insertWorkspace(database.db, { userId, payerId: payer.id });
  const member = async (role: string) => {
    const user = await insertUser(database.db);
    await insertMember(database.db, { organizationId, userId: user.id, role });
    return session(user.id);
  };
  const owner = { kind: "organization", organizationId } as const;
  return { organizationId, owner, workspaceId: workspace.id, workspaceAdmin: session(userId), member };
}

describe("an organization's keys", () => {
  test("a key is sealed for the organization: it does not open as a workspace's, nor as another organization's", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { organizationId, owner, member } = await acme(database);
    const added = await addProviderKey(deps, await member("owner"), keyOf(owner));
    if (added.kind !== "ok") throw new Error(added.kind);
    const [row] = await database.db.select().from(providerKeys);
    expect(row).toMatchObject({ organizationId, workspaceId: null, ownerId: organizationId });
    const open = (context: string) => deps.keyring.open(row?.sealed ?? "", context);
    expect(open(`organization-provider-key:${organizationId}:${added.id}`)).toEqual({
      ok: true,
      value: sealedKey,
    });
    expect(open(`provider-key:${organizationId}:${added.id}`)).toEqual({ ok: false });
    expect(open(`organization-provider-key:other:${added.id}`)).toEqual({ ok: false });
  });

  test("owners and admins keep them, members may not, and for everybody else and every API key there is no organization", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { organizationId, owner, workspaceId, workspaceAdmin, member } = await acme(database);
    const stranger = await somebody(database, workspaceId, null);
    const admin = await member("member, admin");
    const key = { ...admin, apiKeyId: "key", workspaceId };
    const cases = [
      { who: await member("owner"), kind: "ok" },
      { who: admin, kind: "ok" },
      { who: await member("member"), kind: "forbidden" },
      { who: workspaceAdmin, kind: "not_found" },
      { who: stranger, kind: "not_found" },
      { who: key, kind: "not_found" },
    ];
    for (const { who, kind } of cases) {
      expect(await addProviderKey(deps, who, keyOf(owner))).toMatchObject({ kind });
      expect(await listOrganizationProviderKeys(deps, who, organizationId)).toMatchObject({ kind });
      const [row] = await database.db.select().from(providerKeys).where(eq(providerKeys.name, "Ours"));
      const revocation = { owner, providerKeyId: row?.id ?? "" };
      expect(await revokeProviderKey(deps, who, revocation)).toEqual({ kind });
    }
  });

  test("who sees a workspace's keys sees those of the organization that serves it, and whether they may change them", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { organizationId, owner, workspaceId, workspaceAdmin, member } = await acme(database);
    const boss = await member("owner");
    for (const name of ["First", "Second", "Revoked"]) await addProviderKey(deps, boss, keyOf(owner, name));
    const own = keyOf({ kind: "workspace", workspaceId }, "Own");
    expect(await addProviderKey(deps, workspaceAdmin, own)).toMatchObject({ kind: "ok" });
    const before = await listOrganizationProviderKeys(deps, boss, organizationId);
    const newest = before.kind === "ok" ? before.providerKeys[0] : undefined;
    await revokeProviderKey(deps, boss, { owner, providerKeyId: newest?.id ?? "" });

    const seen = await listProviderKeys(deps, workspaceAdmin, workspaceId);
    expect(seen).toMatchObject({
      kind: "ok",
      workspace: [{ name: "Own" }],
      organization: {
        id: organizationId,
        name: "Acme",
        mayChange: false,
        providerKeys: [{ name: "Second" }, { name: "First" }],
      },
    });
    await database.sql`
      INSERT INTO workspace_permissions (user_id, workspace_id, level) VALUES (${boss.userId}, ${workspaceId}, 'read')`;
    expect(await listProviderKeys(deps, boss, workspaceId)).toMatchObject({
      organization: { mayChange: true },
    });
  });

  test("a key is revoked by naming its own owner only", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const [ours, theirs] = [await acme(database), await acme(database)];
    const added = await addProviderKey(deps, await ours.member("owner"), keyOf(ours.owner));
    if (added.kind !== "ok") throw new Error(added.kind);
    const foreign = { owner: theirs.owner, providerKeyId: added.id };
    expect(await revokeProviderKey(deps, await theirs.member("owner"), foreign)).toEqual({
      kind: "not_found",
    });
    const asWorkspace = {
      owner: { kind: "workspace", workspaceId: ours.workspaceId } as const,
      providerKeyId: added.id,
    };
    expect(await revokeProviderKey(deps, ours.workspaceAdmin, asWorkspace)).toEqual({ kind: "not_found" });
    expect(await listProviderKeys(deps, ours.workspaceAdmin, ours.workspaceId)).toMatchObject({
      organization: { providerKeys: [{ id: added.id }] },
    });
  });
});
