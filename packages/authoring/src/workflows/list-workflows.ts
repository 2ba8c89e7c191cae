import { type RunStatus, runRows, workflows, workflowVersions } from "@gantry/db";
import { and, asc, desc, eq, isNull, sql } from "drizzle-orm";
import { type Denied, workspaceAccess } from "../access.ts";
import type { AuthoringDatabase, AuthoringDeps, Principal } from "../deps.ts";

export interface WorkflowSummary {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly activeVersionNumber: number | null;
  readonly draftRevision: number;
  /** Unix milliseconds. */
  readonly updatedAt: number;
  readonly lastRun: { readonly id: string; readonly status: RunStatus; readonly createdAt: number } | null;
}

export type ListWorkflowsResult = { readonly kind: "ok"; readonly workflows: WorkflowSummary[] } | Denied;

/** The workflows of a workspace that are not archived, by name. */
export async function listWorkflows(
  { db }: Pick<AuthoringDeps, "db">,
  principal: Principal,
  workspaceId: string,
): Promise<ListWorkflowsResult> {
  const access = await workspaceAccess(db, principal, workspaceId, "workflow.see");
  if (access.kind !== "allowed") return access;
  const rows = await readWorkflows(db, workspaceId);
  return {
    kind: "ok",
    workflows: rows.map(({ runId, runStatus, runCreatedAt, updatedAt, ...rest }) => ({
      ...rest,
      updatedAt: updatedAt.getTime(),
      lastRun:
        runId === null || runStatus === null || runCreatedAt === null
          ? null
          : { id: runId, status: runStatus, createdAt: runCreatedAt.getTime() },
    })),
  };
}

async function readWorkflows(db: AuthoringDatabase, workspaceId: string) {
  // One step down the index of each workflow's ended runs, and those in progress. Newest first.
  const lastRun = db
    .select({ id: runRows.id, status: runRows.status, createdAt: runRows.createdAt })
    .from(runRows)
    .where(eq(runRows.workflowId, workflows.id))
    .orderBy(desc(runRows.id))
    .limit(1)
    .as("last_run");
  return db
    .select({
      id: workflows.id,
      name: workflows.name,
      description: workflows.description,
      activeVersionNumber: workflowVersions.number,
      draftRevision: workflows.draftRevision,
      updatedAt: workflows.updatedAt,
      runId: lastRun.id,
      runStatus: lastRun.status,
      runCreatedAt: lastRun.createdAt,
    })
    .from(workflows)
    .leftJoin(workflowVersions, eq(workflowVersions.id, workflows.activeVersionId))
    .leftJoinLateral(lastRun, sql`true`)
    .where(and(eq(workflows.workspaceId, workspaceId), isNull(workflows.archivedAt)))
    .orderBy(asc(workflows.name), asc(workflows.id));
}
