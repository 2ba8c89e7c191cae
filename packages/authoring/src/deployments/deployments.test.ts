import { workflows, workflowVersions } from "@gantry/db";
import { createTestDatabase, echoDefinition, insertTenant } from "@gantry/db/testing";
import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { session, testDeps } from "../testing.ts";
import { saveDraft } from "../workflows/save-draft.ts";
import { activate, undeploy } from "./activate.ts";
import { deploy } from "./deploy.ts";
import { getDeployment, listDeployments } from "./list-deployments.ts";

describe("deployments", () => {
  test("deployments at the same moment get different numbers, and the active version is one of them", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workflowId } = await insertTenant(database.db);
    const results = await Promise.all(
      Array.from({ length: 8 }, () => deploy(deps, session(userId), { workflowId })),
    );
    const numbers = results.map((result) => (result.kind === "ok" ? result.number : 0));
    expect(numbers.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    const listed = await listDeployments(deps, session(userId), workflowId);
    if (listed.kind !== "ok") throw new Error(listed.kind);
    expect(listed.deployments.map(({ number }) => number)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(listed.deployments.filter(({ active }) => active)).toMatchObject([{ number: 9 }]);
  });

  test("a draft that does not compile is not deployed: all its problems are told and nothing has changed", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workflowId, versionId } = await insertTenant(database.db);
    const definition = { ...echoDefinition, edges: [] };
    await saveDraft(deps, session(userId), { workflowId, baseRevision: 1, definition });
    const result = await deploy(deps, session(userId), { workflowId });
    expect(result).toMatchObject({ kind: "invalid_definition", problems: [{ code: "UNREACHABLE_BLOCK" }] });
    expect(await database.db.select().from(workflowVersions)).toHaveLength(1);
    expect(await database.db.select().from(workflows)).toMatchObject([{ activeVersionId: versionId }]);
  });

  test("a version keeps the draft of its deployment, whatever becomes of the draft", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workflowId } = await insertTenant(database.db);
    const deployed = await deploy(deps, session(userId), { workflowId, note: "as it was" });
    if (deployed.kind !== "ok") throw new Error(deployed.kind);
    await saveDraft(deps, session(userId), { workflowId, baseRevision: 1, definition: {} });
    const got = await getDeployment(deps, session(userId), { workflowId, versionId: deployed.versionId });
    expect(got).toEqual({
      kind: "ok",
      deployment: { id: deployed.versionId, number: 2, definition: echoDefinition },
    });
  });

  test("rolling back makes an older version active; undeploying leaves none", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workflowId, versionId } = await insertTenant(database.db);
    await deploy(deps, session(userId), { workflowId });
    expect(await activate(deps, session(userId), { workflowId, versionId })).toEqual({
      kind: "ok",
      number: 1,
    });
    const active = () => database.db.select({ id: workflows.activeVersionId }).from(workflows);
    expect(await active()).toEqual([{ id: versionId }]);
    expect(await undeploy(deps, session(userId), workflowId)).toEqual({ kind: "ok" });
    expect(await undeploy(deps, session(userId), workflowId)).toEqual({ kind: "ok" });
    expect(await active()).toEqual([{ id: null }]);
  });

  test("a version of another workflow cannot be made active or read through this one", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workflowId } = await insertTenant(database.db);
    const other = await insertTenant(database.db);
    const mixed = { workflowId, versionId: other.versionId };
    expect(await activate(deps, session(userId), mixed)).toEqual({ kind: "not_found" });
    expect(await getDeployment(deps, session(userId), mixed)).toEqual({ kind: "not_found" });
    const [row] = await database.db.select().from(workflows).where(eq(workflows.id, workflowId));
    expect(row?.activeVersionId).not.toBe(other.versionId);
  });

  test("an admission is not held up by a deployment in progress", async () => {
    await using database = await createTestDatabase();
    const { workflowId } = await insertTenant(database.db);
    await database.db.transaction(async (tx) => {
      await tx.select().from(workflows).where(eq(workflows.id, workflowId)).for("no key update");
      // What the foreign key of a new run takes; it would wait for a stronger lock until the time is up.
      const reference = database.sql`
        select id from workflows where id = ${workflowId} for key share nowait`;
      expect(await reference).toHaveLength(1);
    });
  });
});
