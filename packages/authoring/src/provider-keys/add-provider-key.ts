import { providerKeys } from "@gantry/db";
import type { Denied } from "../access.ts";
import type { AuthoringDeps, Principal } from "../deps.ts";
import { columnsOf, contextOf, mayChangeKeysOf, type ProviderKeyOwner } from "./owner.ts";

export type AddProviderKeyResult = { readonly kind: "ok"; readonly id: string } | Denied;

/**
 * From now on the owner's runs call this provider with its own key, and pay it themselves. Where there are several keys,
 * model calls take them in turn.
 */
export async function addProviderKey(
  { db, keyring, newId }: Pick<AuthoringDeps, "db" | "keyring" | "newId">,
  principal: Principal,
  request: {
    readonly owner: ProviderKeyOwner;
    readonly provider: "anthropic";
    readonly name: string;
    readonly secret: string;
  },
): Promise<AddProviderKeyResult> {
  const { owner, provider, name, secret } = request;
  const access = await mayChangeKeysOf(db, principal, owner);
  if (access.kind !== "allowed") return access;
  const id = newId();
  const sealed = keyring.seal(secret, contextOf(owner, id));
  await db
    .insert(providerKeys)
    .values({ id, ...columnsOf(owner), provider, name, sealed, hint: hintOf(secret) });
  return { kind: "ok", id };
}

/** Enough to tell keys apart; of a short secret, nothing. */
function hintOf(secret: string): string {
  return secret.length < 16 ? "..." : `...${secret.slice(-4)}`;
}
