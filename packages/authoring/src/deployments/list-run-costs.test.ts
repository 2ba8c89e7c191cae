import { workspaces } from "@gantry/db";
import {
  createTestDatabase,
  echoDefinition,
  insertOrganization,
  insertPayer,
  insertProviderKey,
  insertTenant,
} from "@gantry/db/testing";
import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { session, somebody, testDeps } from "../testing.ts";
import { saveDraft } from "../workflows/save-draft.ts";
import { deploy } from "./deploy.ts";
import { type ListRunCostsDeps, listRunCosts } from "./list-run-costs.ts";

/** Answers with what it was asked: how many blocks, and whose keys. */
const bound: ListRunCostsDeps<string>["bound"] = (plan, ownKeys) =>
  `${plan.order.length} blocks, ${[...ownKeys].join(" ") || "no key"}`;

describe("what runs can cost", () => {
  test("is told of the draft and of every version, newest first", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workflowId, versionId } = await insertTenant(database.db);
    const definition = { ...echoDefinition, blocks: echoDefinition.blocks.slice(0, 1), edges: [] };
    await saveDraft(deps, session(userId), { workflowId, baseRevision: 1, definition });
    const deployed = await deploy(deps, session(userId), { workflowId });
    if (deployed.kind !== "ok") throw new Error(deployed.kind);
    expect(await listRunCosts({ ...deps, bound }, session(userId), workflowId)).toEqual({
      kind: "ok",
      costs: {
        draft: "1 blocks, no key",
        versions: [
          { versionId: deployed.versionId, cost: "1 blocks, no key" },
          { versionId, cost: `${echoDefinition.blocks.length} blocks, no key` },
        ],
      },
    });
  });

  test("counts the keys of the workspace and of its paying organization, and not those that are revoked", async () => {
    await using database = await createTestDatabase();
    const { db } = database;
    const deps = { ...testDeps(database), bound };
    const { userId, workspaceId, workflowId } = await insertTenant(db);
    const keysOf = async () => {
      const result = await listRunCosts(deps, session(userId), workflowId);
      return result.kind === "ok" ? result.costs.draft?.split(", ")[1] : result.kind;
    };
    const sealed = "sealed";
    await insertProviderKey(db, { workspaceId, sealed, provider: "other", revokedAt: new Date() });
    const { id: organizationId } = await insertOrganization(db);
    await insertProviderKey(db, { organizationId, sealed });
    expect(await keysOf()).toBe("no key");
    const { id: payerId } = await insertPayer(db, { organizationId });
    await db.update(workspaces).set({ payerId }).where(eq(workspaces.id, workspaceId));
    expect(await keysOf()).toBe("anthropic");
    await insertProviderKey(db, { workspaceId, sealed });
    expect(await keysOf()).toBe("anthropic");
  });

  test("leaves out a draft that does not compile, and still tells the versions", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workflowId } = await insertTenant(database.db);
    await saveDraft(deps, session(userId), { workflowId, baseRevision: 1, definition: {} });
    expect(await listRunCosts({ ...deps, bound }, session(userId), workflowId)).toMatchObject({
      costs: { draft: null, versions: [{}] },
    });
  });

  test("is told to nobody who may not see the workflow", async () => {
    await using database = await createTestDatabase();
    const deps = { ...testDeps(database), bound };
    const { workspaceId, workflowId } = await insertTenant(database.db);
    const stranger = await somebody(database, workspaceId, null);
    expect(await listRunCosts(deps, stranger, workflowId)).toEqual({ kind: "not_found" });
    const reader = await somebody(database, workspaceId, "read");
    expect(await listRunCosts(deps, reader, workflowId)).toMatchObject({ kind: "ok" });
  });
});
