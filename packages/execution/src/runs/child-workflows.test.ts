import {
  insertBan,
  insertTenant,
  insertUser,
  insertVersion,
  insertWorkflow,
  type Tenant,
} from "@gantry/db/testing";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createCompiledVersions } from "../caches.ts";
import { definitionOf, response, start } from "../engine/testing/plans.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { createChildWorkflows } from "./child-workflows.ts";

// Which workflows an agent of a run may call, as the database has them.

let harness: Harness;
let tenant: Tenant;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());
beforeEach(async () => {
  tenant = await insertTenant(harness.database.db);
});

const saying = (text: string) => definitionOf([start(), response("R", text)], ["Start -> R"]);

function lookUps(sql = harness.database.sql) {
  const errors: unknown[] = [];
  const versions = createCompiledVersions(() => performance.now());
  const children = createChildWorkflows({
    sql,
    versions,
    storeTimeoutMs: 5_000,
    onError: (error) => void errors.push(error),
  });
  const { workspaceId } = tenant;
  return { errors, versions, ofRun: () => children.of({ workspaceId, runId: uuidv7() }) };
}

async function insert(columns: Partial<Parameters<typeof insertWorkflow>[1]> = {}): Promise<string> {
  const { workspaceId, userId: ownerId } = tenant;
  return (await insertWorkflow(harness.database.db, { workspaceId, ownerId, ...columns })).id;
}

async function deploy(workflowId: string, number: number, definition: unknown): Promise<void> {
  const { db, sql } = harness.database;
  const { id } = await insertVersion(db, { workflowId, number, definition });
  await sql`UPDATE workflows SET active_version_id = ${id} WHERE id = ${workflowId}`;
}

describe("a child workflow", () => {
  test("is the active version, not the draft", async () => {
    const id = await insert({
      definition: saying("deployed"),
      draft: JSON.stringify(saying("draft")),
      name: "W",
    });
    const child = await lookUps().ofRun()(id);
    expect(child).toMatchObject({ kind: "found", name: "W" });
    expect(child.kind === "found" && child.plan.blocks["R"]?.block).toMatchObject({ output: "deployed" });
  });

  test("without an active version is not deployed", async () => {
    const id = await insert({ deployed: false, name: "W" });
    expect(await lookUps().ofRun()(id)).toEqual({ kind: "not_deployed", name: "W" });
  });

  test("that is archived, in another workspace, of a banned owner, or no workflow at all is missing alike", async () => {
    const { db } = harness.database;
    const banned = await insertUser(db);
    await insertBan(db, { userId: banned.id });
    const stranger = await insertTenant(db);
    const find = lookUps().ofRun();
    for (const id of [
      await insert({ archivedAt: new Date() }),
      stranger.workflowId,
      await insert({ ownerId: banned.id }),
      uuidv7(),
    ]) {
      expect(await find(id)).toEqual({ kind: "missing" });
    }
  });

  test("of an owner whose ban is over is there", async () => {
    const { db } = harness.database;
    const pardoned = await insertUser(db);
    await insertBan(db, { userId: pardoned.id, endsAt: new Date(Date.now() - 1_000) });
    expect(await lookUps().ofRun()(await insert({ ownerId: pardoned.id }))).toMatchObject({ kind: "found" });
  });

  test("stays the same version for one run, whatever is deployed meanwhile; the next run gets the new one", async () => {
    const id = await insert({ definition: saying("one") });
    const { ofRun } = lookUps();
    const find = ofRun();
    const before = await find(id);
    await deploy(id, 2, saying("two"));
    expect(await find(id)).toBe(before);
    const after = await ofRun()(id);
    expect(after.kind === "found" && after.plan.blocks["R"]?.block).toMatchObject({ output: "two" });
  });

  test("is compiled once and shared by runs", async () => {
    const id = await insert({ definition: saying("one") });
    const { ofRun, versions } = lookUps();
    const [first, second] = [await ofRun()(id), await ofRun()(id)];
    expect(first).toMatchObject({ kind: "found" });
    expect(first.kind === "found" && second.kind === "found" && first.plan === second.plan).toBe(true);
    expect(versions.latestOf(id)).not.toBeNull();
  });

  test("is unavailable while the database is, which the operator is told; the next look-up may find it", async () => {
    const id = await insert();
    let away = true;
    const sql: typeof harness.database.sql = new Proxy(harness.database.sql, {
      get: (target, key, receiver) => {
        if (key === "unsafe" && away) return () => Promise.reject(new Error("away"));
        return Reflect.get(target, key, receiver);
      },
    });
    const { errors, ofRun } = lookUps(sql);
    const find = ofRun();
    expect(await find(id)).toEqual({ kind: "unavailable" });
    expect(errors).toMatchObject([{ message: "away" }]);
    away = false;
    expect(await find(id)).toMatchObject({ kind: "found" });
  });
});
