import { environmentValues } from "@gantry/db";
import { sealContext } from "@gantry/secrets";
import { eq, type SQL } from "drizzle-orm";
import { type Denied, workspaceAccess } from "../access.ts";
import type { AuthoringDatabase, Principal } from "../deps.ts";

/** Whose value it is: everybody's in a workspace, or the caller's own in every workspace. */
export type EnvironmentScope =
  | { readonly kind: "workspace"; readonly workspaceId: string }
  | { readonly kind: "personal" };

export type EnvironmentOwner =
  | { readonly kind: "workspace"; readonly workspaceId: string }
  | { readonly kind: "user"; readonly userId: string };

/** Whose value the caller may change by naming this scope. Personal values are no business of an API key. */
export async function ownerToChange(
  db: AuthoringDatabase,
  principal: Principal,
  scope: EnvironmentScope,
): Promise<{ readonly kind: "allowed"; readonly owner: EnvironmentOwner } | Denied> {
  if (scope.kind === "personal") {
    return principal.apiKeyId === null
      ? { kind: "allowed", owner: { kind: "user", userId: principal.userId } }
      : { kind: "forbidden" };
  }
  const access = await workspaceAccess(db, principal, scope.workspaceId, "environment.change");
  return access.kind === "allowed" ? { kind: "allowed", owner: scope } : access;
}

/** See `sealContext` of the secrets package: execution opens it under the same one. */
export function contextOf(owner: EnvironmentOwner, name: string): string {
  return owner.kind === "workspace"
    ? sealContext.workspaceValue(owner.workspaceId, name)
    : sealContext.personalValue(owner.userId, name);
}

export function ownedBy(owner: EnvironmentOwner): SQL {
  return eq(environmentValues.ownerId, owner.kind === "workspace" ? owner.workspaceId : owner.userId);
}
