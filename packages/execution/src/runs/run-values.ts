import type { ProviderCredential, ProviderId } from "@gantry/providers";
import { readStoredKey } from "@gantry/providers/credentials";
import { type Keyring, sealContext } from "@gantry/secrets";
import type { Facts, SealedProviderKey } from "../admission/facts.ts";
import type { CredentialLookup, SecretLookup } from "../engine/engine.ts";
import type { KeyRotation } from "./key-rotation.ts";

/** The installation's own keys; a provider without one is missing here. */
export type PlatformKeys = {
  readonly [Id in ProviderId]?: PlatformCredential<Id> | undefined;
};
type PlatformCredential<Id extends ProviderId> = ProviderCredential & {
  readonly provider: Id;
  readonly source: "platform";
};

/** Environment values of a run. The workspace's win over the caller's own; each is opened only when a block asks. */
export function environmentOf(
  facts: Facts,
  workspaceId: string,
  keyring: Keyring,
): (name: string) => SecretLookup {
  return (name) => {
    const candidates = facts.environment.filter((value) => value.name === name);
    const value = candidates.find(({ userId }) => userId === null) ?? candidates[0];
    if (value === undefined) return { kind: "missing" };
    const context =
      value.userId === null
        ? sealContext.workspaceValue(workspaceId, name)
        : sealContext.personalValue(value.userId, name);
    const opened = keyring.open(value.sealed, context);
    return opened.ok ? { kind: "found", value: opened.value } : { kind: "unreadable" };
  };
}

export interface KeyAccess {
  readonly keyring: Keyring;
  readonly platformKeys: PlatformKeys;
  readonly rotation: KeyRotation;
  /** Told the id of a key that cannot be read: for the operator, not for the workflow's owner. */
  readonly onUnreadable: (keyId: string) => void;
}

/**
 * The key that pays for the next call: the workspace's own; where it has none for the provider, its organization's; and
 * where that has none either, the platform's. Of several each call takes the next.
 *
 * A key that cannot be opened, or that opens as something else than a key of its provider, fails the block. Nothing is
 * used in its place, neither another key of the same owner nor the organization's nor the platform's: whoever stored it
 * would be billed in a way that they did not choose.
 */
export function credentialFrom(
  stored: readonly SealedProviderKey[],
  provider: ProviderId,
  workspaceId: string,
  { keyring, platformKeys, rotation, onUnreadable }: KeyAccess,
): CredentialLookup {
  const keys = stored.filter((key) => key.provider === provider);
  const own = keys.filter(({ ownerId }) => ownerId === workspaceId);
  const source = own.length > 0 ? "workspace" : "organization";
  const key = rotation.next(own.length > 0 ? own : keys);
  if (key === undefined) {
    const platform = platformKeys[provider];
    if (platform === undefined) return { kind: "missing" };
    return { kind: "found", credential: platform };
  }
  const opened = keyring.open(key.sealed, contextOf(key, source));
  const read = opened.ok ? readStoredKey(provider, opened.value, source) : opened;
  if (read.ok) return { kind: "found", credential: read.credential };
  onUnreadable(key.id);
  return { kind: "unreadable" };
}

function contextOf({ ownerId, id }: SealedProviderKey, source: "workspace" | "organization"): string {
  return source === "workspace"
    ? sealContext.providerKey(ownerId, id)
    : sealContext.organizationProviderKey(ownerId, id);
}
