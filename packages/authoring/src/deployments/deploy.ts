import { workflows, workflowVersions } from "@gantry/db";
import { compileText, type Problem } from "@gantry/workflow";
import { and, eq, isNull, max } from "drizzle-orm";
import { type Denied, workflowAccess } from "../access.ts";
import type { AuthoringDatabase, AuthoringDeps, Principal } from "../deps.ts";
import { oneRow } from "../one-row.ts";

export type DeployResult =
  | { readonly kind: "ok"; readonly versionId: string; readonly number: number }
  /** The draft does not compile; nothing was changed. */
  | { readonly kind: "invalid_definition"; readonly problems: readonly Problem[] }
  | Denied;

/** Makes the draft the next version, and that version the active one. */
export async function deploy(
  { db, newId }: Pick<AuthoringDeps, "db" | "newId">,
  principal: Principal,
  request: { readonly workflowId: string; readonly note?: string | undefined },
): Promise<DeployResult> {
  const { workflowId, note = "" } = request;
  const access = await workflowAccess(db, principal, workflowId, "deployment.change");
  if (access.kind !== "allowed") return access;

  return db.transaction(async (tx): Promise<DeployResult> => {
    const draft = await lockDraft(tx, workflowId);
    if (draft === null) return { kind: "not_found" };
    // Under the lock, so that what was judged is what is deployed.
    const compiled = compileText(draft);
    if (!compiled.ok) return { kind: "invalid_definition", problems: compiled.problems };
    const versionId = newId();
    const number = (await highestNumber(tx, workflowId)) + 1;
    await tx
      .insert(workflowVersions)
      .values({ id: versionId, workflowId, number, definition: draft, note, deployedBy: principal.userId });
    await tx.update(workflows).set({ activeVersionId: versionId }).where(eq(workflows.id, workflowId));
    return { kind: "ok", versionId, number };
  });
}

/**
 * Deployments of one workflow take turns. `no key update` is the weakest lock that makes them: runs, whose rows refer
 * to the workflow, are admitted meanwhile.
 */
async function lockDraft(db: AuthoringDatabase, workflowId: string): Promise<string | null> {
  const [row] = await db
    .select({ draft: workflows.draft })
    .from(workflows)
    .where(and(eq(workflows.id, workflowId), isNull(workflows.archivedAt)))
    .for("no key update");
  return row?.draft ?? null;
}

async function highestNumber(db: AuthoringDatabase, workflowId: string): Promise<number> {
  const rows = await db
    .select({ highest: max(workflowVersions.number) })
    .from(workflowVersions)
    .where(eq(workflowVersions.workflowId, workflowId));
  return oneRow(rows).highest ?? 0;
}
