/**
 * What a sealed value is bound to: it does not open as another one, of another owner or under another name. Whoever
 * seals and whoever opens take it from here.
 */
export const sealContext = {
  workspaceValue: (workspaceId: string, name: string) => `environment:workspace:${workspaceId}:${name}`,
  personalValue: (userId: string, name: string) => `environment:user:${userId}:${name}`,
  providerKey: (workspaceId: string, keyId: string) => `provider-key:${workspaceId}:${keyId}`,
  organizationProviderKey: (organizationId: string, keyId: string) =>
    `organization-provider-key:${organizationId}:${keyId}`,
} as const;
