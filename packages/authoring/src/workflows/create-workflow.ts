import { workflows } from "@gantry/db";
import { emptyDefinition } from "@gantry/workflow";
import { type Denied, workspaceAccess } from "../access.ts";
import type { AuthoringDeps, Principal } from "../deps.ts";
import { type DraftProblem, draftText } from "./draft.ts";

export interface CreateWorkflowRequest {
  readonly workspaceId: string;
  readonly name: string;
  readonly description?: string | undefined;
  /** Left out: a start block that leads to a response. It may be invalid in meaning. */
  readonly definition?: unknown;
}

export type CreateWorkflowResult =
  | { readonly kind: "ok"; readonly id: string }
  | { readonly kind: "invalid_draft"; readonly problems: readonly DraftProblem[] }
  | Denied;

/** A workflow with a draft and no version. */
export async function createWorkflow(
  { db, newId }: Pick<AuthoringDeps, "db" | "newId">,
  principal: Principal,
  request: CreateWorkflowRequest,
): Promise<CreateWorkflowResult> {
  const access = await workspaceAccess(db, principal, request.workspaceId, "workflow.edit");
  if (access.kind !== "allowed") return access;
  const draft = draftText(request.definition === undefined ? emptyDefinition() : request.definition);
  if (draft.kind === "invalid_draft") return draft;
  const id = newId();
  await db.insert(workflows).values({
    id,
    workspaceId: request.workspaceId,
    ownerId: principal.userId,
    name: request.name,
    description: request.description ?? "",
    draft: draft.text,
  });
  return { kind: "ok", id };
}
