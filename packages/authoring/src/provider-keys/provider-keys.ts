import { providerKeys } from "@gantry/db";
import { sealContext } from "@gantry/secrets";
import { and, desc, eq, isNull } from "drizzle-orm";
import { type Denied, workspaceAccess } from "../access.ts";
import type { AuthoringDeps, Principal } from "../deps.ts";

export interface ProviderKeySummary {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  /** Its last characters. */
  readonly hint: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
}

export type ListProviderKeysResult =
  | { readonly kind: "ok"; readonly providerKeys: ProviderKeySummary[] }
  | Denied;

/** The keys that are not revoked, newest first. */
export async function listProviderKeys(
  { db }: Pick<AuthoringDeps, "db">,
  principal: Principal,
  workspaceId: string,
): Promise<ListProviderKeysResult> {
  const access = await workspaceAccess(db, principal, workspaceId, "provider_key.see");
  if (access.kind !== "allowed") return access;
  const rows = await db
    .select({
      id: providerKeys.id,
      provider: providerKeys.provider,
      name: providerKeys.name,
      hint: providerKeys.hint,
      createdAt: providerKeys.createdAt,
    })
    .from(providerKeys)
    .where(and(eq(providerKeys.workspaceId, workspaceId), isNull(providerKeys.revokedAt)))
    .orderBy(desc(providerKeys.id));
  return {
    kind: "ok",
    providerKeys: rows.map((row) => ({ ...row, createdAt: row.createdAt.getTime() })),
  };
}

export type AddProviderKeyResult = { readonly kind: "ok"; readonly id: string } | Denied;

/** From now on the workspace's runs call this provider with its own key, and pay it themselves. */
export async function addProviderKey(
  { db, keyring, newId }: Pick<AuthoringDeps, "db" | "keyring" | "newId">,
  principal: Principal,
  request: {
    readonly workspaceId: string;
    readonly provider: "anthropic";
    readonly name: string;
    readonly secret: string;
  },
): Promise<AddProviderKeyResult> {
  const { workspaceId, provider, name, secret } = request;
  const access = await workspaceAccess(db, principal, workspaceId, "provider_key.change");
  if (access.kind !== "allowed") return access;
  const id = newId();
  const sealed = keyring.seal(secret, sealContext.providerKey(workspaceId, id));
  await db.insert(providerKeys).values({ id, workspaceId, provider, name, sealed, hint: hintOf(secret) });
  return { kind: "ok", id };
}

export type RevokeProviderKeyResult = { readonly kind: "ok" } | Denied;

/** Revoking twice keeps the first time. */
export async function revokeProviderKey(
  { db, now }: Pick<AuthoringDeps, "db" | "now">,
  principal: Principal,
  request: { readonly workspaceId: string; readonly providerKeyId: string },
): Promise<RevokeProviderKeyResult> {
  const { workspaceId, providerKeyId } = request;
  const access = await workspaceAccess(db, principal, workspaceId, "provider_key.change");
  if (access.kind !== "allowed") return access;
  const key = and(eq(providerKeys.id, providerKeyId), eq(providerKeys.workspaceId, workspaceId));
  const revoked = await db
    .update(providerKeys)
    .set({ revokedAt: new Date(now()) })
    .where(and(key, isNull(providerKeys.revokedAt)))
    .returning({ id: providerKeys.id });
  if (revoked.length > 0) return { kind: "ok" };
  const known = await db.select({ id: providerKeys.id }).from(providerKeys).where(key);
  return known.length > 0 ? { kind: "ok" } : { kind: "not_found" };
}

/** Enough to tell keys apart; of a short secret, nothing. */
function hintOf(secret: string): string {
  return secret.length < 16 ? "..." : `...${secret.slice(-4)}`;
}
