import { users, workspacePermissions } from "@gantry/db";
import { asc, eq } from "drizzle-orm";
import { type Denied, type Level, workspaceAccess } from "../access.ts";
import type { AuthoringDeps, Principal } from "../deps.ts";

export interface WorkspaceMember {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly level: Level;
}

export type ListMembersResult = { readonly kind: "ok"; readonly members: WorkspaceMember[] } | Denied;

/** Everybody who has a permission in the workspace, by name. */
export async function listMembers(
  { db }: Pick<AuthoringDeps, "db">,
  principal: Principal,
  workspaceId: string,
): Promise<ListMembersResult> {
  const access = await workspaceAccess(db, principal, workspaceId, "workspace.see");
  if (access.kind !== "allowed") return access;
  const members = await db
    .select({
      userId: users.id,
      name: users.name,
      email: users.email,
      level: workspacePermissions.level,
    })
    .from(workspacePermissions)
    .innerJoin(users, eq(users.id, workspacePermissions.userId))
    .where(eq(workspacePermissions.workspaceId, workspaceId))
    .orderBy(asc(users.name), asc(users.id));
  return { kind: "ok", members };
}
