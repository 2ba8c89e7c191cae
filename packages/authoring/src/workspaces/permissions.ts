import { users, workspacePermissions, workspaces } from "@gantry/db";
import { and, eq, ne } from "drizzle-orm";
import { type Denied, type Level, workspaceAccess } from "../access.ts";
import type { AuthoringDatabase, AuthoringDeps, Principal } from "../deps.ts";

/** A workspace keeps at least one admin: nobody else could give access to it again. */
type LastAdmin = { readonly kind: "last_admin" };

export type SetPermissionResult =
  | { readonly kind: "ok" }
  | { readonly kind: "unknown_person" }
  | LastAdmin
  | Denied;

/** Gives a person who has an account this level, in place of the one that they had. */
export async function setPermission(
  { db }: Pick<AuthoringDeps, "db">,
  principal: Principal,
  request: { readonly workspaceId: string; readonly email: string; readonly level: Level },
): Promise<SetPermissionResult> {
  const { workspaceId, level } = request;
  const access = await workspaceAccess(db, principal, workspaceId, "workspace.permissions");
  if (access.kind !== "allowed") return access;
  return db.transaction(async (tx): Promise<SetPermissionResult> => {
    await lockWorkspace(tx, workspaceId);
    const userId = await findUser(tx, request.email);
    if (userId === null) return { kind: "unknown_person" };
    if (level !== "admin" && !(await hasOtherAdmin(tx, workspaceId, userId))) return { kind: "last_admin" };
    await tx
      .insert(workspacePermissions)
      .values({ userId, workspaceId, level })
      .onConflictDoUpdate({
        target: [workspacePermissions.userId, workspacePermissions.workspaceId],
        set: { level },
      });
    return { kind: "ok" };
  });
}

export type RemovePermissionResult = { readonly kind: "ok" } | LastAdmin | Denied;

/** Removing one that is not there is done already. */
export async function removePermission(
  { db }: Pick<AuthoringDeps, "db">,
  principal: Principal,
  request: { readonly workspaceId: string; readonly userId: string },
): Promise<RemovePermissionResult> {
  const { workspaceId, userId } = request;
  const access = await workspaceAccess(db, principal, workspaceId, "workspace.permissions");
  if (access.kind !== "allowed") return access;
  return db.transaction(async (tx): Promise<RemovePermissionResult> => {
    await lockWorkspace(tx, workspaceId);
    if (!(await hasOtherAdmin(tx, workspaceId, userId))) return { kind: "last_admin" };
    await tx
      .delete(workspacePermissions)
      .where(and(eq(workspacePermissions.userId, userId), eq(workspacePermissions.workspaceId, workspaceId)));
    return { kind: "ok" };
  });
}

/** Two admins who remove each other at the same moment wait for one another here. */
async function lockWorkspace(db: AuthoringDatabase, workspaceId: string): Promise<void> {
  await db
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(eq(workspaces.id, workspaceId))
    .for("no key update");
}

async function hasOtherAdmin(db: AuthoringDatabase, workspaceId: string, userId: string): Promise<boolean> {
  const others = await db
    .select({ userId: workspacePermissions.userId })
    .from(workspacePermissions)
    .where(
      and(
        eq(workspacePermissions.workspaceId, workspaceId),
        eq(workspacePermissions.level, "admin"),
        ne(workspacePermissions.userId, userId),
      ),
    )
    .limit(1);
  return others.length > 0;
}

/** Addresses are kept in lower case. */
async function findUser(db: AuthoringDatabase, email: string): Promise<string | null> {
  const [row] = await db.select({ id: users.id }).from(users).where(eq(users.email, email.toLowerCase()));
  return row?.id ?? null;
}
