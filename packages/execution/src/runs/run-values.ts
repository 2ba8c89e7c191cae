import type { ProviderId } from "@gantry/providers";
import { type Keyring, sealContext } from "@gantry/secrets";
import type { Facts, SealedProviderKey } from "../admission/facts.ts";
import type { CredentialLookup, SecretLookup } from "../engine/engine.ts";

/** The installation's own keys; a provider without one is missing here. */
export type PlatformKeys = Readonly<
  Partial<Record<ProviderId, { readonly apiKey: string; readonly baseUrl?: string }>>
>;

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

/**
 * The key that pays for a call. A workspace that stored its own never falls back to the platform's: if it cannot be
 * opened the block fails, because anything else would bill the platform's price for it.
 */
export function credentialOf(
  facts: Facts,
  workspaceId: string,
  keyring: Keyring,
  platformKeys: PlatformKeys,
): (provider: ProviderId) => CredentialLookup {
  return (provider) => {
    const own = newestKey(facts, provider);
    if (own !== undefined) {
      const opened = keyring.open(own.sealed, sealContext.providerKey(workspaceId, own.id));
      if (!opened.ok) return { kind: "unreadable" };
      return { kind: "found", credential: { provider, apiKey: opened.value, source: "workspace" } };
    }
    const platform = platformKeys[provider];
    if (platform === undefined) return { kind: "missing" };
    return { kind: "found", credential: { provider, ...platform, source: "platform" } };
  };
}

/** Ids are UUIDv7, so the greatest is the newest. */
function newestKey(facts: Facts, provider: ProviderId): SealedProviderKey | undefined {
  let newest: SealedProviderKey | undefined;
  for (const key of facts.providerKeys) {
    if (key.provider === provider && (newest === undefined || key.id > newest.id)) newest = key;
  }
  return newest;
}
