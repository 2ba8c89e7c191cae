import type { ProviderKeyInUse } from "../../../api/types.ts";
import { providerName } from "../../../definition/provider-name.ts";
import { formatCount } from "../../../ui/format.ts";

/** Whose key it is. */
export const sourceNames: Readonly<Record<ProviderKeyInUse["source"], string>> = {
  platform: "the operator's",
  workspace: "a workspace's",
  organization: "an organization's",
};

/** A provider whose calls share connections anyway gets a client for each of them. */
export function clientsText(clients: number): string {
  return clients === 0 ? "per call" : formatCount(clients);
}

export function connectionsText(connections: number | null): string {
  return connections === null ? "shared" : formatCount(connections);
}

/**
 * In an order that stays the same from one look to the next, whatever was used last; each with a name of its own, for one
 * key can have several clients: other regions, other beta features.
 */
export function inOrder(
  keys: readonly ProviderKeyInUse[],
): readonly { readonly id: string; readonly key: ProviderKeyInUse }[] {
  const seen = new Map<string, number>();
  return keys
    .map((key) => ({
      key,
      name: [providerName(key.provider), key.source, key.keyFingerprint, key.draining].join(" "),
    }))
    .toSorted((one, other) => one.name.localeCompare(other.name))
    .map(({ key, name }) => {
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      return { id: `${name} ${before}`, key };
    });
}
