import { users, workflows, workflowVersions } from "@gantry/db";
import { and, desc, eq } from "drizzle-orm";
import { type Denied, workflowAccess } from "../access.ts";
import type { AuthoringDatabase, AuthoringDeps, Principal } from "../deps.ts";
import { parseStored } from "../workflows/draft.ts";

export interface DeploymentSummary {
  readonly id: string;
  readonly number: number;
  readonly note: string;
  /** A name; null once that account is deleted. */
  readonly deployedBy: string | null;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly active: boolean;
}

export type ListDeploymentsResult =
  | { readonly kind: "ok"; readonly deployments: DeploymentSummary[] }
  | Denied;

/** Every version of the workflow, newest first. */
export async function listDeployments(
  { db }: Pick<AuthoringDeps, "db">,
  principal: Principal,
  workflowId: string,
): Promise<ListDeploymentsResult> {
  const access = await workflowAccess(db, principal, workflowId, "deployment.see");
  if (access.kind !== "allowed") return access;
  const rows = await readVersions(db, workflowId);
  return {
    kind: "ok",
    deployments: rows.map(({ activeVersionId, createdAt, ...rest }) => ({
      ...rest,
      createdAt: createdAt.getTime(),
      active: activeVersionId === rest.id,
    })),
  };
}

export interface DeploymentView {
  readonly id: string;
  readonly number: number;
  readonly definition: unknown;
}

export type GetDeploymentResult = { readonly kind: "ok"; readonly deployment: DeploymentView } | Denied;

/** One version with its definition. */
export async function getDeployment(
  { db }: Pick<AuthoringDeps, "db">,
  principal: Principal,
  request: { readonly workflowId: string; readonly versionId: string },
): Promise<GetDeploymentResult> {
  const access = await workflowAccess(db, principal, request.workflowId, "deployment.see");
  if (access.kind !== "allowed") return access;
  const [row] = await db
    .select({
      id: workflowVersions.id,
      number: workflowVersions.number,
      definition: workflowVersions.definition,
    })
    .from(workflowVersions)
    .where(
      and(eq(workflowVersions.id, request.versionId), eq(workflowVersions.workflowId, request.workflowId)),
    );
  if (row === undefined) return { kind: "not_found" };
  return { kind: "ok", deployment: { ...row, definition: parseStored(row.definition) } };
}

function readVersions(db: AuthoringDatabase, workflowId: string) {
  return db
    .select({
      id: workflowVersions.id,
      number: workflowVersions.number,
      note: workflowVersions.note,
      deployedBy: users.name,
      createdAt: workflowVersions.createdAt,
      activeVersionId: workflows.activeVersionId,
    })
    .from(workflowVersions)
    .innerJoin(workflows, eq(workflows.id, workflowVersions.workflowId))
    .leftJoin(users, eq(users.id, workflowVersions.deployedBy))
    .where(eq(workflowVersions.workflowId, workflowId))
    .orderBy(desc(workflowVersions.number));
}
