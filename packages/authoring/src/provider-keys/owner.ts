import { providerKeys } from "@gantry/db";
import { sealContext } from "@gantry/secrets";
import { eq, type SQL } from "drizzle-orm";
import { type Denied, workspaceAccess } from "../access.ts";
import type { AuthoringDatabase, Principal } from "../deps.ts";
import { organizationAccess } from "../organization-access.ts";

/** Whose key it is: one workspace's, or an organization's, for those of its workspaces that have none. */
export type ProviderKeyOwner =
  | { readonly kind: "workspace"; readonly workspaceId: string }
  | { readonly kind: "organization"; readonly organizationId: string };

/** Who may add and revoke: admins of the workspace; owners and admins of the organization. */
export async function mayChangeKeysOf(
  db: AuthoringDatabase,
  principal: Principal,
  owner: ProviderKeyOwner,
): Promise<{ readonly kind: "allowed" } | Denied> {
  if (owner.kind === "organization") return organizationAccess(db, principal, owner.organizationId);
  return workspaceAccess(db, principal, owner.workspaceId, "provider_key.change");
}

/** See `sealContext` of the secrets package: execution opens it under the same one. */
export function contextOf(owner: ProviderKeyOwner, keyId: string): string {
  return owner.kind === "workspace"
    ? sealContext.providerKey(owner.workspaceId, keyId)
    : sealContext.organizationProviderKey(owner.organizationId, keyId);
}

export function columnsOf(owner: ProviderKeyOwner) {
  return owner.kind === "workspace"
    ? { workspaceId: owner.workspaceId }
    : { organizationId: owner.organizationId };
}

export function ownedBy(owner: ProviderKeyOwner): SQL {
  return eq(providerKeys.ownerId, owner.kind === "workspace" ? owner.workspaceId : owner.organizationId);
}
