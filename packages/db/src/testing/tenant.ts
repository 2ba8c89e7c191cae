import type { DrizzleDatabase } from "../pool.ts";
import { insertApiKey, insertUser, insertWorkflow, insertWorkspace } from "./fixtures.ts";

export interface Tenant {
  readonly userId: string;
  readonly payerId: string;
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly versionId: string;
  readonly apiKeyId: string;
  /** The secret, as a caller sends it. */
  readonly apiKey: string;
}

/**
 * Everything that a run needs: a user who pays for their own workspace (on the free plan) and holds a key to it, and a
 * workflow with one active version. `definition` is the echo workflow unless given.
 */
export async function insertTenant(
  db: DrizzleDatabase,
  options: { readonly definition?: unknown } = {},
): Promise<Tenant> {
  const user = await insertUser(db);
  const workspace = await insertWorkspace(db, { userId: user.id });
  const workflow = await insertWorkflow(db, {
    ...options,
    workspaceId: workspace.id,
    ownerId: user.id,
  });
  const key = await insertApiKey(db, { workspaceId: workspace.id, userId: user.id });
  if (workspace.payerId === null || workflow.activeVersionId === null) {
    throw new Error("a tenant has a payer and an active version");
  }
  return {
    userId: user.id,
    payerId: workspace.payerId,
    workspaceId: workspace.id,
    workflowId: workflow.id,
    versionId: workflow.activeVersionId,
    apiKeyId: key.id,
    apiKey: key.secret,
  };
}
