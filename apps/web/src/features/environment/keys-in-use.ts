import type { ProviderKey, ProviderKeys } from "../../api/types.ts";
import { providerName, providerNames } from "../../definition/provider-name.ts";

/** Whose keys model calls of this workspace use, and why: a sentence for each provider that somebody has a key for, and the rest. */
export function keysInUse({ workspace, organization }: ProviderKeys): readonly string[] {
  const ofOrganization = organization?.providerKeys ?? [];
  const providers = new Set<string>([...workspace, ...ofOrganization].map(({ provider }) => provider));
  if (providers.size === 0) {
    return [
      organization === null
        ? "This workspace has no key of its own, so model calls use the operator's."
        : `Neither this workspace nor ${organization.name} has a key of its own, so model calls use the operator's.`,
    ];
  }
  const sentences = [...providers]
    .map((provider) => ({ provider, name: providerName(provider) }))
    .toSorted((one, other) => one.name.localeCompare(other.name))
    .map(({ provider, name }) => {
      const by = (key: ProviderKey) => key.provider === provider;
      const use = useOf(workspace.filter(by).length, ofOrganization.filter(by).length, organization?.name);
      return `Calls to ${name} ${use}.`;
    });
  const isEveryOne = Object.keys(providerNames).every((provider) => providers.has(provider));
  return isEveryOne ? sentences : [...sentences, "Calls to every other provider use the operator's key."];
}

function useOf(own: number, ofOrganization: number, organization = ""): string {
  if (own === 0) {
    return ofOrganization === 1
      ? `use the key of ${organization}`
      : `take the ${ofOrganization} keys of ${organization} in turn`;
  }
  const use = own === 1 ? "use this workspace's own key" : `take this workspace's own ${own} keys in turn`;
  return ofOrganization === 0 ? use : `${use}; those of ${organization} are not used here`;
}
