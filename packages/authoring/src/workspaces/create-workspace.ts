import { workspacePermissions, workspaces } from "@gantry/db";
import type { AuthoringDeps, Principal } from "../deps.ts";
import { organizationAccess } from "../organization-access.ts";
import { ensurePayer, type PayerOwner } from "./payer.ts";

type Deps = Pick<AuthoringDeps, "db" | "newId">;

export type CreateWorkspaceResult =
  | { readonly kind: "ok"; readonly id: string }
  /** There is no such organization, or the caller is not in it. */
  | { readonly kind: "not_found" }
  /** Only owners and admins of an organization may spend its money, and no API key makes a workspace. */
  | { readonly kind: "forbidden" };

/** A workspace that its creator administers. Without `organizationId` the creator pays for it. */
export async function createWorkspace(
  deps: Deps,
  principal: Principal,
  request: { readonly name: string; readonly organizationId?: string | undefined },
): Promise<CreateWorkspaceResult> {
  if (principal.apiKeyId !== null) return { kind: "forbidden" };
  const { organizationId } = request;
  if (organizationId === undefined) {
    return insertWorkspace(deps, principal.userId, request.name, { kind: "user", userId: principal.userId });
  }
  const access = await organizationAccess(deps.db, principal, organizationId);
  if (access.kind !== "allowed") return access;
  return insertWorkspace(deps, principal.userId, request.name, { kind: "organization", organizationId });
}

/** The workspace that every new user gets. */
export async function createPersonalWorkspace(deps: Deps, userId: string): Promise<string> {
  const created = await insertWorkspace(deps, userId, "Personal", { kind: "user", userId });
  return created.id;
}

async function insertWorkspace(
  { db, newId }: Deps,
  userId: string,
  name: string,
  owner: PayerOwner,
): Promise<{ kind: "ok"; id: string }> {
  const id = newId();
  await db.transaction(async (tx) => {
    const payerId = await ensurePayer(tx, newId(), owner);
    await tx.insert(workspaces).values({ id, name, payerId });
    await tx.insert(workspacePermissions).values({ userId, workspaceId: id, level: "admin" });
  });
  return { kind: "ok", id };
}
