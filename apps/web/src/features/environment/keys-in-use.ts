import type { ProviderKeys } from "../../api/types.ts";

/** Whose keys model calls of this workspace use, and why, in a sentence. */
export function keysInUse({ workspace, organization }: ProviderKeys): string {
  const ofOrganization = organization?.providerKeys.length ?? 0;
  if (workspace.length > 0) {
    const use =
      workspace.length === 1
        ? "Model calls use this workspace's own key"
        : `Model calls take this workspace's own ${workspace.length} keys in turn`;
    return organization === null || ofOrganization === 0
      ? `${use}.`
      : `${use}; those of ${organization.name} are not used here.`;
  }
  if (organization === null)
    return "This workspace has no key of its own, so model calls use the operator's.";
  if (ofOrganization === 0) {
    return `Neither this workspace nor ${organization.name} has a key of its own, so model calls use the operator's.`;
  }
  const use =
    ofOrganization === 1
      ? `use the key of ${organization.name}`
      : `take the ${ofOrganization} keys of ${organization.name} in turn`;
  return `This workspace has no key of its own, so model calls ${use}.`;
}
