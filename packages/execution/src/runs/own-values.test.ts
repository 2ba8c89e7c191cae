import {
  insertApiKey,
  insertEnvironmentValue,
  insertPermission,
  insertTenant,
  insertUser,
  insertWorkspace,
  type Tenant,
} from "@gantry/db/testing";
import { sealContext } from "@gantry/secrets";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Credential, readFacts } from "../admission/facts.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { environmentOf } from "./run-values.ts";

// Which stored values a run may use: the statement that reads them, and the look-up that chooses among them.

let harness: Harness;
let owner: Tenant;
let caller: { readonly userId: string; readonly apiKey: string };
beforeAll(async () => {
  harness = await startHarness();
  owner = await insertTenant(harness.database.db);
  caller = await someoneIn(owner.workspaceId);
  const elsewhere = await insertWorkspace(harness.database.db, { userId: owner.userId });
  await setForWorkspace(owner.workspaceId, "SHARED", "the workspace's");
  await setForWorkspace(elsewhere.id, "ELSEWHERE", "another workspace's");
  for (const [userId, whose] of [
    [owner.userId, "the owner's"],
    [caller.userId, "the caller's"],
  ] as const) {
    await setForPerson(userId, "SHARED", whose);
    await setForPerson(userId, "PERSONAL", whose);
  }
  await setForPerson(owner.userId, "OWNERS_ALONE", "the owner's");
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
});

async function someoneIn(workspaceId: string) {
  const { db } = harness.database;
  const { id: userId } = await insertUser(db);
  await insertPermission(db, { userId, workspaceId, level: "write" });
  const { secret: apiKey } = await insertApiKey(db, { workspaceId, userId });
  return { userId, apiKey };
}

function setForWorkspace(workspaceId: string, name: string, value: string) {
  const sealed = harness.keyring.seal(value, sealContext.workspaceValue(workspaceId, name));
  return insertEnvironmentValue(harness.database.db, { workspaceId, name, sealed });
}

function setForPerson(userId: string, name: string, value: string) {
  const sealed = harness.keyring.seal(value, sealContext.personalValue(userId, name));
  return insertEnvironmentValue(harness.database.db, { userId, name, sealed });
}

async function valuesFor(credential: Credential) {
  const facts = await readFacts(harness.database.sql, {
    credential,
    workflowId: owner.workflowId,
    definition: "active",
    compiledVersionId: null,
  });
  const look = environmentOf(facts, owner.workspaceId, harness.keyring);
  const names = ["SHARED", "PERSONAL", "OWNERS_ALONE", "ELSEWHERE"];
  return names.map((name) => {
    const lookup = look(name);
    return lookup.kind === "found" ? lookup.value : lookup.kind;
  });
}

describe("the values of a run", () => {
  test("are the workspace's before the caller's own, and nobody else's: not even those of the workflow's owner", async () => {
    expect(await valuesFor(withKey(caller.apiKey))).toEqual([
      "the workspace's",
      "the caller's",
      "missing",
      "missing",
    ]);
    expect(await valuesFor(withKey(owner.apiKey))).toEqual([
      "the workspace's",
      "the owner's",
      "the owner's",
      "missing",
    ]);
  });

  test("are none for who is unknown, and none for who has no permission in the workspace", async () => {
    const none = ["missing", "missing", "missing", "missing"];
    expect(await valuesFor({ kind: "none" })).toEqual(none);
    expect(await valuesFor(withKey("gty_unknown"))).toEqual(none);
    const stranger = await insertTenant(harness.database.db);
    await setForPerson(stranger.userId, "PERSONAL", "the stranger's");
    expect(await valuesFor(withKey(stranger.apiKey))).toEqual(none);
  });

  test("are read anew for every run: a value that was removed or replaced is the next run's", async () => {
    const { sql } = harness.database;
    const other = await someoneIn(owner.workspaceId);
    await setForPerson(other.userId, "PERSONAL", "first");
    expect((await valuesFor(withKey(other.apiKey)))[1]).toBe("first");
    await sql`DELETE FROM environment_values WHERE user_id = ${other.userId}`;
    expect((await valuesFor(withKey(other.apiKey)))[1]).toBe("missing");
  });
});
