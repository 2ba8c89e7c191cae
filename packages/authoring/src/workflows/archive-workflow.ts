import { workflows } from "@gantry/db";
import { and, eq, isNull } from "drizzle-orm";
import { type Denied, workflowAccess } from "../access.ts";
import type { AuthoringDeps, Principal } from "../deps.ts";

export type ArchiveWorkflowResult = { readonly kind: "ok" } | Denied;

/** It is gone for everybody, runs included; its runs and versions stay as records. */
export async function archiveWorkflow(
  { db, now }: Pick<AuthoringDeps, "db" | "now">,
  principal: Principal,
  workflowId: string,
): Promise<ArchiveWorkflowResult> {
  const access = await workflowAccess(db, principal, workflowId, "workflow.archive");
  if (access.kind !== "allowed") return access;
  await db
    .update(workflows)
    .set({ archivedAt: new Date(now()) })
    .where(and(eq(workflows.id, workflowId), isNull(workflows.archivedAt)));
  return { kind: "ok" };
}
