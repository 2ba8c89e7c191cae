import { createTestDatabase, insertUser, type TestDatabase } from "@gantry/db/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { OperationsDeps } from "../deps.ts";
import { entriesOf, race, session, testDeps } from "../testing.ts";
import { appointFirstAdmin } from "./appoint-first-admin.ts";
import { isAdmin } from "./is-admin.ts";
import { setRole } from "./set-role.ts";

let database: TestDatabase;
let deps: OperationsDeps;
beforeEach(async () => {
  database = await createTestDatabase();
  deps = testDeps(database);
});
afterEach(() => database[Symbol.asyncDispose]());

async function person(email: string) {
  return session((await insertUser(database.db, { email })).id);
}

test("the operator appoints admins by their address, in any case, and takes the role back", async () => {
  const [ada, eve] = [await person("ada@example.com"), await person("eve@example.com")];
  expect([await isAdmin(deps, ada), await isAdmin(deps, eve)]).toEqual([false, false]);
  await setRole(deps, { email: "Ada@Example.com", role: "admin" });
  await setRole(deps, { email: "eve@example.com", role: "admin" });
  expect([await isAdmin(deps, ada), await isAdmin(deps, eve)]).toEqual([true, true]);
  expect(await setRole(deps, { email: "ada@example.com", role: "user" })).toEqual({
    kind: "ok",
    before: { role: "admin" },
    after: { role: "user" },
  });
  expect(await isAdmin(deps, ada)).toBe(false);
  expect(await entriesOf(database)).toMatchObject([
    { actor: null, action: "role.set", subject: ada.userId },
    { actor: null, action: "role.set", subject: eve.userId },
    { actor: null, action: "role.set", subject: ada.userId },
  ]);
});

test("nobody has that address: nothing is done", async () => {
  expect(await setRole(deps, { email: "nobody@example.com", role: "admin" })).toEqual({ kind: "not_found" });
  expect(await entriesOf(database)).toEqual([]);
});

test("the last admin cannot be removed, also not by two removals at once", async () => {
  const emails = ["ada@example.com", "eve@example.com"];
  for (const email of emails) {
    await person(email);
    await setRole(deps, { email, role: "admin" });
  }
  const removals = emails.map((email) => () => setRole(deps, { email, role: "user" }));
  const kinds = (await race(database, "users", removals)).map(({ kind }) => kind);
  expect(kinds.toSorted()).toEqual(["last_admin", "ok"]);
  expect(await database.sql`SELECT 1 FROM users WHERE role = 'admin'`).toHaveLength(1);
  expect(await entriesOf(database)).toHaveLength(3);
});

test("the first admin is appointed once, by one of several processes, and never when there is one", async () => {
  await person("ada@example.com");
  await person("eve@example.com");
  expect(await appointFirstAdmin(deps, "nobody@example.com")).toBe(false);
  const appoint = () => appointFirstAdmin(deps, "ada@example.com");
  const appointed = await race(database, "users", [appoint, appoint]);
  expect(appointed.filter(Boolean)).toHaveLength(1);
  expect(await appointFirstAdmin(deps, "eve@example.com")).toBe(false);
  expect(await entriesOf(database)).toHaveLength(1);
});

test("an admin's API key is nobody's admin", async () => {
  const ada = await person("ada@example.com");
  await setRole(deps, { email: "ada@example.com", role: "admin" });
  expect(await isAdmin(deps, { ...ada, apiKeyId: "key", workspaceId: "workspace" })).toBe(false);
});
