import { workflows, workflowVersions } from "@gantry/db";
import { and, eq, isNull } from "drizzle-orm";
import { type Denied, workflowAccess } from "../access.ts";
import type { AuthoringDatabase, AuthoringDeps, Principal } from "../deps.ts";

export type ActivateResult = { readonly kind: "ok"; readonly number: number } | Denied;

/** Makes this version the active one: rolls back, or forward again. */
export async function activate(
  { db }: Pick<AuthoringDeps, "db">,
  principal: Principal,
  request: { readonly workflowId: string; readonly versionId: string },
): Promise<ActivateResult> {
  const access = await workflowAccess(db, principal, request.workflowId, "deployment.change");
  if (access.kind !== "allowed") return access;
  const number = await setActive(db, request.workflowId, request.versionId);
  return number === null ? { kind: "not_found" } : { kind: "ok", number };
}

export type UndeployResult = { readonly kind: "ok" } | Denied;

/** No version is active any more. Doing so twice is harmless. */
export async function undeploy(
  { db }: Pick<AuthoringDeps, "db">,
  principal: Principal,
  workflowId: string,
): Promise<UndeployResult> {
  const access = await workflowAccess(db, principal, workflowId, "deployment.change");
  if (access.kind !== "allowed") return access;
  await db.update(workflows).set({ activeVersionId: null }).where(eq(workflows.id, workflowId));
  return { kind: "ok" };
}

async function setActive(
  db: AuthoringDatabase,
  workflowId: string,
  versionId: string,
): Promise<number | null> {
  const [row] = await db
    .update(workflows)
    .set({ activeVersionId: versionId })
    .from(workflowVersions)
    .where(
      and(
        eq(workflows.id, workflowId),
        isNull(workflows.archivedAt),
        eq(workflowVersions.id, versionId),
        eq(workflowVersions.workflowId, workflows.id),
      ),
    )
    .returning({ number: workflowVersions.number });
  return row?.number ?? null;
}
