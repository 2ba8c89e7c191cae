import { createTestDatabase, type TestDatabase } from "@gantry/db/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { banAccount } from "../bans/ban-account.ts";
import { liftBan } from "../bans/lift-ban.ts";
import type { OperationsDeps, Principal } from "../deps.ts";
import { setRole } from "../roles/set-role.ts";
import { insertAdmin, insertWorld, testDeps, type World } from "../testing.ts";
import { type ListAuditRequest, listAudit } from "./list-audit.ts";

let database: TestDatabase;
let deps: OperationsDeps;
let world: World;
let admin: Principal;
beforeEach(async () => {
  database = await createTestDatabase();
  deps = testDeps(database);
  world = await insertWorld(database);
  admin = await insertAdmin(database);
});
afterEach(() => database[Symbol.asyncDispose]());

async function list(request: Partial<ListAuditRequest> = {}) {
  const page = await listAudit(deps, admin, { subjectId: null, cursor: null, limit: 10, ...request });
  if (page.kind !== "ok") throw new Error(page.kind);
  return page;
}

test("the log is read newest first, in pages, and by subject", async () => {
  for (const account of [world.user, world.organization, world.user]) {
    await banAccount(deps, admin, { account, reason: "abuse", endsAt: null });
    await liftBan(deps, admin, account);
  }
  const all = (await list()).items;
  expect(all.map(({ action }) => action).slice(0, 2)).toEqual(["account.lift_ban", "account.ban"]);
  const first = await list({ limit: 4 });
  const second = await list({ limit: 4, cursor: first.nextCursor });
  expect([...first.items, ...second.items]).toEqual(all);
  expect(second.nextCursor).toBeNull();
  const ofUser = (await list({ subjectId: world.user.id })).items;
  expect(ofUser.map(({ subjectId }) => subjectId)).toEqual(Array(4).fill(world.user.id));
});

test("an entry says who, what, on whom, and what was before and after, also when they are gone", async () => {
  await setRole(deps, { email: `${world.user.id}@example.com`, role: "admin" });
  const { tenant } = world;
  const other = { userId: tenant.userId, apiKeyId: null, workspaceId: null };
  await banAccount(deps, other, { account: world.organization, reason: "abuse", endsAt: null });
  const email = `${world.user.id}@example.com`;
  expect((await list()).items).toMatchObject([
    { actor: { userId: world.user.id, name: "Ada", email }, before: null, after: { reason: "abuse" } },
    { actor: null, action: "role.set", subject: email, before: { role: "user" }, after: { role: "admin" } },
  ]);
  await database.sql`DELETE FROM workflows`;
  await database.sql`DELETE FROM organizations`;
  await database.sql`DELETE FROM users WHERE id = ${world.user.id}`;
  expect((await list()).items).toMatchObject([
    { actor: { userId: world.user.id, name: null, email: null }, subject: world.organization.id },
    { actor: null, subject: email },
  ]);
});

test.each(["", "null", "[1]", '{"subject":7,"before":"x"}'])(
  "an entry whose details are %j does not hide the others",
  async (details) => {
    await banAccount(deps, admin, { account: world.user, reason: "abuse", endsAt: null });
    await database.sql`INSERT INTO audit_entries (id, action, subject_id, details)
                       VALUES ('zzz', 'a.later_version', 's', ${details})`;
    expect((await list()).items).toMatchObject([
      { action: "a.later_version", subject: null, before: null, after: null },
      { action: "account.ban" },
    ]);
  },
);
