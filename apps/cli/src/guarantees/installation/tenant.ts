import type { Database } from "@gantry/db";
import { insertTenant, insertWorkflow } from "@gantry/db/testing";
import type { WorkflowDefinition } from "@gantry/workflow";
import type { Ask } from "../calls/start-run.ts";

export interface TenantLimits {
  readonly usageLimitMicros: number;
  readonly concurrentRunsMax: number;
}

/** Far above anything that is measured: nothing is refused for them. */
const generous: TenantLimits & { readonly runsPerMinute: number } = {
  usageLimitMicros: 1_000_000_000_000,
  concurrentRunsMax: 1_000_000,
  runsPerMinute: 1_000_000_000,
};

export interface Tenant {
  readonly workspaceId: string;
  readonly apiKey: string;
  readonly userId: string;
  /** A run of its workflow, under its key. */
  readonly ask: Ask;
}

/** A user who pays for a workspace with this workflow, deployed, and holds a key to it. */
export async function createTenant(
  { db, sql }: Database,
  definition: WorkflowDefinition,
  limits: Partial<TenantLimits> = {},
): Promise<Tenant> {
  const { payerId, workspaceId, apiKey, userId, workflowId } = await insertTenant(db, { definition });
  const { usageLimitMicros, concurrentRunsMax, runsPerMinute } = { ...generous, ...limits };
  await sql`
    UPDATE payers SET usage_limit_micros = ${usageLimitMicros}, concurrent_runs_max = ${concurrentRunsMax},
                      sync_runs_per_minute = ${runsPerMinute}
     WHERE id = ${payerId}`;
  return { workspaceId, apiKey, userId, ask: { apiKey, workflowId } };
}

/** One more in the tenant's workspace, for the same payer. */
export async function addWorkflow(
  { db }: Database,
  { workspaceId, userId, apiKey }: Tenant,
  definition: WorkflowDefinition,
): Promise<Ask> {
  const workflow = await insertWorkflow(db, { workspaceId, ownerId: userId, definition });
  return { apiKey, workflowId: workflow.id };
}
