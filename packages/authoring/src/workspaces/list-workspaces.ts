import { organizations, payers, users, workspacePermissions, workspaces } from "@gantry/db";
import { and, asc, eq } from "drizzle-orm";
import type { Level } from "../access.ts";
import type { AuthoringDeps, Principal } from "../deps.ts";

export interface WorkspaceSummary {
  readonly id: string;
  readonly name: string;
  readonly level: Level;
  /** Null once nobody pays for it. */
  readonly payer: { readonly kind: "user" | "organization"; readonly name: string } | null;
}

/** The workspaces that the caller may see, oldest first. */
export async function listWorkspaces(
  { db }: Pick<AuthoringDeps, "db">,
  principal: Principal,
): Promise<WorkspaceSummary[]> {
  const rows = await db
    .select({
      id: workspaces.id,
      name: workspaces.name,
      level: workspacePermissions.level,
      userName: users.name,
      organizationName: organizations.name,
    })
    .from(workspacePermissions)
    .innerJoin(workspaces, eq(workspaces.id, workspacePermissions.workspaceId))
    .leftJoin(payers, eq(payers.id, workspaces.payerId))
    .leftJoin(users, eq(users.id, payers.userId))
    .leftJoin(organizations, eq(organizations.id, payers.organizationId))
    .where(
      and(
        eq(workspacePermissions.userId, principal.userId),
        principal.workspaceId === null ? undefined : eq(workspaces.id, principal.workspaceId),
      ),
    )
    .orderBy(asc(workspaces.createdAt), asc(workspaces.id));
  return rows.map(({ id, name, level, userName, organizationName }) => ({
    id,
    name,
    level,
    payer: payerOf(userName, organizationName),
  }));
}

function payerOf(userName: string | null, organizationName: string | null): WorkspaceSummary["payer"] {
  if (organizationName !== null) return { kind: "organization", name: organizationName };
  return userName === null ? null : { kind: "user", name: userName };
}
