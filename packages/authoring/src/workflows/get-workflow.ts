import { workflows, workflowVersions, workspaces } from "@gantry/db";
import type { Problem } from "@gantry/workflow";
import { and, eq, isNull } from "drizzle-orm";
import { type Denied, type Level, workflowAccess } from "../access.ts";
import type { AuthoringDatabase, AuthoringDeps, Principal } from "../deps.ts";
import { readDraft } from "./draft.ts";

export interface WorkflowView {
  readonly id: string;
  readonly workspaceId: string;
  readonly workspaceName: string;
  /** The caller's, in its workspace. */
  readonly level: Level;
  readonly name: string;
  readonly description: string;
  /** JSON, whatever its author saved. */
  readonly draft: unknown;
  /** Name it when saving. */
  readonly draftRevision: number;
  readonly problems: readonly Problem[];
  readonly activeVersion: { readonly id: string; readonly number: number } | null;
  /** Unix milliseconds. */
  readonly updatedAt: number;
}

export type GetWorkflowResult = { readonly kind: "ok"; readonly workflow: WorkflowView } | Denied;

export async function getWorkflow(
  { db }: Pick<AuthoringDeps, "db">,
  principal: Principal,
  workflowId: string,
): Promise<GetWorkflowResult> {
  const access = await workflowAccess(db, principal, workflowId, "workflow.see");
  if (access.kind !== "allowed") return access;
  const row = await readWorkflow(db, workflowId);
  if (row === null) return { kind: "not_found" };
  const { draft, versionId, versionNumber, updatedAt, ...rest } = row;
  const { definition, problems } = readDraft(draft);
  return {
    kind: "ok",
    workflow: {
      ...rest,
      level: access.level,
      draft: definition,
      problems,
      activeVersion:
        versionId === null || versionNumber === null ? null : { id: versionId, number: versionNumber },
      updatedAt: updatedAt.getTime(),
    },
  };
}

async function readWorkflow(db: AuthoringDatabase, workflowId: string) {
  const [row] = await db
    .select({
      id: workflows.id,
      workspaceId: workflows.workspaceId,
      workspaceName: workspaces.name,
      name: workflows.name,
      description: workflows.description,
      draft: workflows.draft,
      draftRevision: workflows.draftRevision,
      versionId: workflowVersions.id,
      versionNumber: workflowVersions.number,
      updatedAt: workflows.updatedAt,
    })
    .from(workflows)
    .innerJoin(workspaces, eq(workspaces.id, workflows.workspaceId))
    .leftJoin(workflowVersions, eq(workflowVersions.id, workflows.activeVersionId))
    .where(and(eq(workflows.id, workflowId), isNull(workflows.archivedAt)));
  return row ?? null;
}
