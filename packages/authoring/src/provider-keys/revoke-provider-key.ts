import { providerKeys } from "@gantry/db";
import { and, eq, isNull } from "drizzle-orm";
import type { Denied } from "../access.ts";
import type { AuthoringDeps, Principal } from "../deps.ts";
import { mayChangeKeysOf, ownedBy, type ProviderKeyOwner } from "./owner.ts";

export type RevokeProviderKeyResult = { readonly kind: "ok" } | Denied;

/** Runs that start from now on do not use it. Revoking twice keeps the first time. */
export async function revokeProviderKey(
  { db, now }: Pick<AuthoringDeps, "db" | "now">,
  principal: Principal,
  request: { readonly owner: ProviderKeyOwner; readonly providerKeyId: string },
): Promise<RevokeProviderKeyResult> {
  const { owner, providerKeyId } = request;
  const access = await mayChangeKeysOf(db, principal, owner);
  if (access.kind !== "allowed") return access;
  const key = and(eq(providerKeys.id, providerKeyId), ownedBy(owner));
  const revoked = await db
    .update(providerKeys)
    .set({ revokedAt: new Date(now()) })
    .where(and(key, isNull(providerKeys.revokedAt)))
    .returning({ id: providerKeys.id });
  if (revoked.length > 0) return { kind: "ok" };
  const known = await db.select({ id: providerKeys.id }).from(providerKeys).where(key);
  return known.length > 0 ? { kind: "ok" } : { kind: "not_found" };
}
