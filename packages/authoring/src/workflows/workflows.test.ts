import { runs, workflows } from "@gantry/db";
import { createTestDatabase, echoDefinition, insertTenant } from "@gantry/db/testing";
import { emptyDefinition } from "@gantry/workflow";
import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { session, testDeps } from "../testing.ts";
import { archiveWorkflow } from "./archive-workflow.ts";
import { createWorkflow } from "./create-workflow.ts";
import { draftBytesMax } from "./draft.ts";
import { getWorkflow } from "./get-workflow.ts";
import { listWorkflows } from "./list-workflows.ts";
import { saveDraft } from "./save-draft.ts";

describe("workflows", () => {
  test("a new workflow's draft is the empty definition, has no problems and no version", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workspaceId } = await insertTenant(database.db);
    const created = await createWorkflow(deps, session(userId), { workspaceId, name: "New" });
    if (created.kind !== "ok") throw new Error(created.kind);
    const got = await getWorkflow(deps, session(userId), created.id);
    expect(got).toMatchObject({
      kind: "ok",
      workflow: {
        draft: emptyDefinition(),
        draftRevision: 1,
        problems: [],
        activeVersion: null,
        level: "admin",
      },
    });
  });

  test("of two saves that are based on the same revision, one wins and the other is told the current one", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workflowId } = await insertTenant(database.db);
    const save = (name: string) =>
      saveDraft(deps, session(userId), { workflowId, baseRevision: 1, definition: echoDefinition, name });
    const results = await Promise.all([save("One"), save("Two")]);
    expect(results.map(({ kind }) => kind).toSorted()).toEqual(["conflict", "ok"]);
    expect(results).toContainEqual({ kind: "conflict", currentRevision: 2 });
    expect(results).toContainEqual({ kind: "ok", revision: 2, problems: [] });
  });

  test("a draft that is wrong in meaning or in shape is saved, with all that is wrong with it", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workflowId } = await insertTenant(database.db);
    const definition = { blocks: "none", "odd \u0000 key": ["\ud800"] };
    const saved = await saveDraft(deps, session(userId), { workflowId, baseRevision: 1, definition });
    expect(saved).toMatchObject({ kind: "ok", revision: 2 });
    const got = await getWorkflow(deps, session(userId), workflowId);
    if (got.kind !== "ok") throw new Error(got.kind);
    expect(got.workflow.draft).toEqual(definition);
    expect(got.workflow.problems.length).toBeGreaterThan(0);
  });

  test.each([
    ["null", null],
    ["a list", []],
    ["a text", "{}"],
    ["2 MB of JSON", { blocks: "x".repeat(draftBytesMax) }],
  ])("%s is no draft", async (_, definition) => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workspaceId, workflowId } = await insertTenant(database.db);
    const saved = await saveDraft(deps, session(userId), { workflowId, baseRevision: 1, definition });
    expect(saved).toMatchObject({ kind: "invalid_draft", problems: [{ path: ["definition"] }] });
    const created = await createWorkflow(deps, session(userId), { workspaceId, name: "New", definition });
    expect(created.kind).toBe("invalid_draft");
  });

  test("a stored draft that is no JSON does not fail the answer", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workflowId } = await insertTenant(database.db);
    await database.db.update(workflows).set({ draft: "{" }).where(eq(workflows.id, workflowId));
    const got = await getWorkflow(deps, session(userId), workflowId);
    expect(got).toMatchObject({ kind: "ok", workflow: { draft: null } });
  });

  test("a list tells each workflow's last run and active version", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workspaceId, workflowId } = await insertTenant(database.db);
    const run = {
      workspaceId,
      workflowId,
      profile: "api",
      actorUserId: userId,
      decision: "[]",
      endedAt: new Date(),
    };
    await database.db.insert(runs).values([
      { ...run, id: "run-1", status: "completed" },
      { ...run, id: "run-2", status: "refused" },
    ]);
    const listed = await listWorkflows(deps, session(userId), workspaceId);
    expect(listed).toMatchObject({
      workflows: [{ id: workflowId, activeVersionNumber: 1, lastRun: { id: "run-2", status: "refused" } }],
    });
  });

  test("an archived workflow is gone for everybody", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { userId, workspaceId, workflowId } = await insertTenant(database.db);
    expect(await archiveWorkflow(deps, session(userId), workflowId)).toEqual({ kind: "ok" });
    expect(await getWorkflow(deps, session(userId), workflowId)).toEqual({ kind: "not_found" });
    expect(await archiveWorkflow(deps, session(userId), workflowId)).toEqual({ kind: "not_found" });
    expect(await listWorkflows(deps, session(userId), workspaceId)).toEqual({ kind: "ok", workflows: [] });
  });
});
