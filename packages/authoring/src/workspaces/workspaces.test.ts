import { payers, workspacePermissions } from "@gantry/db";
import {
  createTestDatabase,
  insertMember,
  insertOrganization,
  insertUser,
  insertWorkspace,
} from "@gantry/db/testing";
import { describe, expect, test } from "vitest";
import { session, somebody, testDeps } from "../testing.ts";
import { createPersonalWorkspace, createWorkspace } from "./create-workspace.ts";
import { listMembers } from "./list-members.ts";
import { listWorkspaces } from "./list-workspaces.ts";
import { removePermission, setPermission } from "./permissions.ts";

describe("workspaces", () => {
  test("a creator administers the workspace and pays for it", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const user = await insertUser(database.db, { name: "Ada" });
    const id = await createPersonalWorkspace(deps, user.id);
    expect(await listWorkspaces(deps, session(user.id))).toEqual([
      { id, name: "Personal", level: "admin", payer: { kind: "user", name: "Ada" } },
    ]);
  });

  test("several workspaces made at once share one payer", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { id: userId } = await insertUser(database.db);
    await Promise.all(
      Array.from({ length: 8 }, (_, i) => createWorkspace(deps, session(userId), { name: `Workspace ${i}` })),
    );
    expect(await database.db.select().from(payers)).toHaveLength(1);
    expect(await listWorkspaces(deps, session(userId))).toHaveLength(8);
  });

  test("only owners and admins of an organization may let it pay; to strangers it does not exist", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const organization = await insertOrganization(database.db, { name: "Acme" });
    const request = { name: "Team", organizationId: organization.id };
    const roles = { owner: "ok", admin: "ok", "member,admin": "ok", member: "forbidden" };
    for (const [role, kind] of Object.entries(roles)) {
      const { id: userId } = await insertUser(database.db);
      await insertMember(database.db, { organizationId: organization.id, userId, role });
      expect((await createWorkspace(deps, session(userId), request)).kind).toBe(kind);
    }
    const stranger = await insertUser(database.db);
    expect(await createWorkspace(deps, session(stranger.id), request)).toEqual({ kind: "not_found" });
    expect(await database.db.select().from(payers)).toMatchObject([{ organizationId: organization.id }]);
  });

  test("a permission is given by address, in any case, and replaces the one before", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { id: userId } = await insertUser(database.db, { name: "Ada" });
    const { id: workspaceId } = await insertWorkspace(database.db, { userId });
    const bob = await insertUser(database.db, { name: "Bob", email: "bob@example.com" });
    for (const level of ["read", "write"] as const) {
      const given = await setPermission(deps, session(userId), {
        workspaceId,
        email: "Bob@Example.com",
        level,
      });
      expect(given).toEqual({ kind: "ok" });
      const listed = await listMembers(deps, session(bob.id), workspaceId);
      expect(listed).toMatchObject({ members: [{ name: "Ada" }, { userId: bob.id, level }] });
    }
    const unknown = { workspaceId, email: "nobody@example.com", level: "read" } as const;
    expect(await setPermission(deps, session(userId), unknown)).toEqual({ kind: "unknown_person" });
  });

  test("two admins who remove each other at the same moment leave one admin", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const { id: first } = await insertUser(database.db);
    const { id: workspaceId } = await insertWorkspace(database.db, { userId: first });
    const second = (await somebody(database, workspaceId, "admin")).userId;
    const results = await Promise.all([
      removePermission(deps, session(first), { workspaceId, userId: second }),
      removePermission(deps, session(second), { workspaceId, userId: first }),
    ]);
    expect(results.map(({ kind }) => kind).toSorted()).not.toEqual(["ok", "ok"]);
    expect(await database.db.select().from(workspacePermissions)).toMatchObject([{ level: "admin" }]);
  });

  test("the last admin can neither step down nor go", async () => {
    await using database = await createTestDatabase();
    const deps = testDeps(database);
    const user = await insertUser(database.db);
    const { id: workspaceId } = await insertWorkspace(database.db, { userId: user.id });
    const down = { workspaceId, email: user.email, level: "write" } as const;
    expect(await setPermission(deps, session(user.id), down)).toEqual({ kind: "last_admin" });
    const gone = await removePermission(deps, session(user.id), { workspaceId, userId: user.id });
    expect(gone).toEqual({ kind: "last_admin" });
  });
});
