export type { Denied, Level } from "./access.ts";
export {
  type CreateApiKeyRequest,
  type CreateApiKeyResult,
  createApiKey,
} from "./api-keys/create-api-key.ts";
export { type ApiKeySummary, type ListApiKeysResult, listApiKeys } from "./api-keys/list-api-keys.ts";
export { type RevokeApiKeyResult, revokeApiKey } from "./api-keys/revoke-api-key.ts";
export { type ActivateResult, activate, type UndeployResult, undeploy } from "./deployments/activate.ts";
export { type DeployResult, deploy } from "./deployments/deploy.ts";
export {
  type DeploymentSummary,
  type DeploymentView,
  type GetDeploymentResult,
  getDeployment,
  type ListDeploymentsResult,
  listDeployments,
} from "./deployments/list-deployments.ts";
export {
  type ListRunCostsDeps,
  type ListRunCostsResult,
  listRunCosts,
  type RunCosts,
} from "./deployments/list-run-costs.ts";
export type { AuthoringDatabase, AuthoringDeps, Principal } from "./deps.ts";
export {
  type EnvironmentEntry,
  type ListEnvironmentResult,
  listEnvironment,
} from "./environment/list-environment.ts";
export {
  type RemoveEnvironmentValueResult,
  removeEnvironmentValue,
} from "./environment/remove-environment-value.ts";
export type { EnvironmentScope } from "./environment/scope.ts";
export {
  type SetEnvironmentValueResult,
  setEnvironmentValue,
} from "./environment/set-environment-value.ts";
export { type ResealedSecrets, resealSecrets } from "./master-key/reseal-secrets.ts";
export { type AddProviderKeyResult, addProviderKey } from "./provider-keys/add-provider-key.ts";
export {
  type ListOrganizationProviderKeysResult,
  type ListProviderKeysResult,
  listOrganizationProviderKeys,
  listProviderKeys,
  type OrganizationProviderKeys,
  type ProviderKeySummary,
} from "./provider-keys/list-provider-keys.ts";
export type { ProviderKeyOwner } from "./provider-keys/owner.ts";
export { type RevokeProviderKeyResult, revokeProviderKey } from "./provider-keys/revoke-provider-key.ts";
export { type ArchiveWorkflowResult, archiveWorkflow } from "./workflows/archive-workflow.ts";
export {
  type CreateWorkflowRequest,
  type CreateWorkflowResult,
  createWorkflow,
} from "./workflows/create-workflow.ts";
export type { DraftProblem } from "./workflows/draft.ts";
export { type GetWorkflowResult, getWorkflow, type WorkflowView } from "./workflows/get-workflow.ts";
export {
  type ListWorkflowsResult,
  listWorkflows,
  type WorkflowSummary,
} from "./workflows/list-workflows.ts";
export { type SaveDraftRequest, type SaveDraftResult, saveDraft } from "./workflows/save-draft.ts";
export {
  type CreateWorkspaceResult,
  createPersonalWorkspace,
  createWorkspace,
} from "./workspaces/create-workspace.ts";
export { type ListMembersResult, listMembers, type WorkspaceMember } from "./workspaces/list-members.ts";
export { listWorkspaces, type WorkspaceSummary } from "./workspaces/list-workspaces.ts";
export {
  type RemovePermissionResult,
  removePermission,
  type SetPermissionResult,
  setPermission,
} from "./workspaces/permissions.ts";
