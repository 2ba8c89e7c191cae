import { organizations, payers, providerKeys, workspaces } from "@gantry/db";
import { and, desc, eq, isNull } from "drizzle-orm";
import { type Denied, workspaceAccess } from "../access.ts";
import type { AuthoringDatabase, AuthoringDeps, Principal } from "../deps.ts";
import { organizationAccess } from "../organization-access.ts";
import { ownedBy, type ProviderKeyOwner } from "./owner.ts";

export interface ProviderKeySummary {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  /** Its last characters, and the region or the host that it is for: see `hintOf` of the providers package. */
  readonly hint: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
}

/** The keys of the organization that pays for a workspace. */
export interface OrganizationProviderKeys {
  readonly id: string;
  readonly name: string;
  /** Whether the caller may add to them and revoke them. */
  readonly mayChange: boolean;
  readonly providerKeys: ProviderKeySummary[];
}

export type ListProviderKeysResult =
  | {
      readonly kind: "ok";
      /** A run uses these for their provider, whatever the organization has. */
      readonly workspace: ProviderKeySummary[];
      /** Null for a workspace that no organization pays for. */
      readonly organization: OrganizationProviderKeys | null;
    }
  | Denied;

/** Every key that a run in this workspace may come to use: those that are not revoked, newest first. */
export async function listProviderKeys(
  { db }: Pick<AuthoringDeps, "db">,
  principal: Principal,
  workspaceId: string,
): Promise<ListProviderKeysResult> {
  const access = await workspaceAccess(db, principal, workspaceId, "provider_key.see");
  if (access.kind !== "allowed") return access;
  const [workspace, payer] = await Promise.all([
    readKeys(db, { kind: "workspace", workspaceId }),
    readPayingOrganization(db, workspaceId),
  ]);
  if (payer === null) return { kind: "ok", workspace, organization: null };
  const [ofOrganization, role] = await Promise.all([
    readKeys(db, { kind: "organization", organizationId: payer.id }),
    organizationAccess(db, principal, payer.id),
  ]);
  const organization = { ...payer, mayChange: role.kind === "allowed", providerKeys: ofOrganization };
  return { kind: "ok", workspace, organization };
}

export type ListOrganizationProviderKeysResult =
  | { readonly kind: "ok"; readonly providerKeys: ProviderKeySummary[] }
  | Denied;

/** The same for who keeps an organization's keys, with or without access to a workspace of it. */
export async function listOrganizationProviderKeys(
  { db }: Pick<AuthoringDeps, "db">,
  principal: Principal,
  organizationId: string,
): Promise<ListOrganizationProviderKeysResult> {
  const access = await organizationAccess(db, principal, organizationId);
  if (access.kind !== "allowed") return access;
  return { kind: "ok", providerKeys: await readKeys(db, { kind: "organization", organizationId }) };
}

async function readKeys(db: AuthoringDatabase, owner: ProviderKeyOwner): Promise<ProviderKeySummary[]> {
  const rows = await db
    .select({
      id: providerKeys.id,
      provider: providerKeys.provider,
      name: providerKeys.name,
      hint: providerKeys.hint,
      createdAt: providerKeys.createdAt,
    })
    .from(providerKeys)
    .where(and(ownedBy(owner), isNull(providerKeys.revokedAt)))
    .orderBy(desc(providerKeys.id));
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.getTime() }));
}

async function readPayingOrganization(db: AuthoringDatabase, workspaceId: string) {
  const [row] = await db
    .select({ id: organizations.id, name: organizations.name })
    .from(workspaces)
    .innerJoin(payers, eq(payers.id, workspaces.payerId))
    .innerJoin(organizations, eq(organizations.id, payers.organizationId))
    .where(eq(workspaces.id, workspaceId));
  return row ?? null;
}
