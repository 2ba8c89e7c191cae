import { providerKeys } from "@gantry/db";
import { hintOf, type NewProviderKey, sealedText } from "@gantry/providers/credentials";
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
    readonly name: string;
    readonly key: NewProviderKey;
  },
): Promise<AddProviderKeyResult> {
  const { owner, name, key } = request;
  const access = await mayChangeKeysOf(db, principal, owner);
  if (access.kind !== "allowed") return access;
  const id = newId();
  const sealed = keyring.seal(sealedText(key), contextOf(owner, id));
  await db.insert(providerKeys).values({
    id,
    ...columnsOf(owner),
    provider: key.provider,
    name,
    sealed,
    hint: hintOf(key),
  });
  return { kind: "ok", id };
}
