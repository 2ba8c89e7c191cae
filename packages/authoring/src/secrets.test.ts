import { createHash } from "node:crypto";
import { apiKeys, environmentValues } from "@gantry/db";
import { createTestDatabase, insertTenant } from "@gantry/db/testing";
import { and, eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { createApiKey } from "./api-keys/create-api-key.ts";
import { listApiKeys } from "./api-keys/list-api-keys.ts";
import { revokeApiKey } from "./api-keys/revoke-api-key.ts";
import { listEnvironment } from "./environment/list-environment.ts";
import { removeEnvironmentValue } from "./environment/remove-environment-value.ts";
import { setEnvironmentValue } from "./environment/set-environment-value.ts";
import { session, testDeps } from "./testing.ts";

const now = 1_800_000_000_000;

describe("API keys", () => {
  test("the secret is told once, and stored as its SHA-256 only", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workspaceId } = await insertTenant(database.db);
    const created = await createApiKey(deps, session(userId), { workspaceId, name: "CI", expiresInDays: 30 });
    if (created.kind !== "ok") throw new Error(created.kind);
    const [row] = await database.db.select().from(apiKeys).where(eq(apiKeys.id, created.id));
    expect(row?.hash).toBe(createHash("sha256").update(created.secret).digest("hex"));
    expect(JSON.stringify(row)).not.toContain(created.secret);
    expect(row?.expiresAt?.getTime()).toBe(now + 30 * 86_400_000);
    const listed = await listApiKeys(deps, session(userId), workspaceId);
    expect(JSON.stringify(listed)).not.toContain(row?.hash);
    expect(JSON.stringify(listed)).not.toContain(created.secret);
  });

  test("revoking twice keeps the first time", async () => {
    await using database = await createTestDatabase();
    let time = now;
    const deps = testDeps(database, () => time);
    const { userId, workspaceId, apiKeyId } = await insertTenant(database.db);
    for (const at of [now, now + 1_000]) {
      time = at;
      expect(await revokeApiKey(deps, session(userId), apiKeyId)).toEqual({ kind: "ok" });
    }
    expect(await listApiKeys(deps, session(userId), workspaceId)).toMatchObject({
      apiKeys: [{ id: apiKeyId, revokedAt: now, owner: "Ada" }],
    });
    expect(await revokeApiKey(deps, session(userId), "none")).toEqual({ kind: "not_found" });
  });
});

describe("environment values", () => {
  test("a value is sealed for its owner and name, replaced on a second write, and only its name is listed", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workspaceId } = await insertTenant(database.db);
    const who = session(userId);
    const workspace = { kind: "workspace", workspaceId } as const;
    const personal = { kind: "personal" } as const;
    await setEnvironmentValue(deps, who, { scope: workspace, name: "TOKEN", value: "old" });
    await setEnvironmentValue(deps, who, { scope: workspace, name: "TOKEN", value: "of the workspace" });
    await setEnvironmentValue(deps, who, { scope: personal, name: "TOKEN", value: "my own" });

    const sealedOf = async (ownerId: string) => {
      const owned = and(eq(environmentValues.ownerId, ownerId), eq(environmentValues.name, "TOKEN"));
      const [row] = await database.db.select().from(environmentValues).where(owned);
      return row?.sealed ?? "";
    };
    const ofWorkspace = `environment:workspace:${workspaceId}:TOKEN`;
    const ofUser = `environment:user:${userId}:TOKEN`;
    const [shared, own] = [await sealedOf(workspaceId), await sealedOf(userId)];
    expect(deps.keyring.open(shared, ofWorkspace)).toEqual({ ok: true, value: "of the workspace" });
    expect(deps.keyring.open(own, ofUser)).toEqual({ ok: true, value: "my own" });
    expect(deps.keyring.open(own, ofWorkspace)).toEqual({ ok: false });

    const entry = { name: "TOKEN", updatedAt: now };
    const listed = await listEnvironment(deps, who, workspaceId);
    expect(listed).toEqual({ kind: "ok", workspace: [entry], personal: [entry] });
    const key = { userId, apiKeyId: "key", workspaceId };
    expect(await listEnvironment(deps, key, workspaceId)).toMatchObject({ personal: [] });
  });

  test("removing takes one scope's value only, and says when there is none", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workspaceId } = await insertTenant(database.db);
    const who = session(userId);
    const workspace = { scope: { kind: "workspace", workspaceId }, name: "TOKEN" } as const;
    const personal = { scope: { kind: "personal" }, name: "TOKEN" } as const;
    await setEnvironmentValue(deps, who, { ...workspace, value: "a" });
    await setEnvironmentValue(deps, who, { ...personal, value: "b" });
    expect(await removeEnvironmentValue(deps, who, personal)).toEqual({ kind: "ok" });
    expect(await removeEnvironmentValue(deps, who, personal)).toEqual({ kind: "not_found" });
    expect(await listEnvironment(deps, who, workspaceId)).toMatchObject({ workspace: [{ name: "TOKEN" }] });
  });
});
