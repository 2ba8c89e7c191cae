import { workflows } from "@gantry/db";
import { type Problem, validate } from "@gantry/workflow";
import { and, eq, isNull, sql } from "drizzle-orm";
import { type Denied, workflowAccess } from "../access.ts";
import type { AuthoringDatabase, AuthoringDeps, Principal } from "../deps.ts";
import { type DraftProblem, draftText } from "./draft.ts";

export interface SaveDraftRequest {
  readonly workflowId: string;
  /** The revision that the change was made to. */
  readonly baseRevision: number;
  readonly definition: unknown;
  /** Left out: stays as it is. */
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}

export type SaveDraftResult =
  /** `problems`: what keeps the draft from being deployed. */
  | { readonly kind: "ok"; readonly revision: number; readonly problems: readonly Problem[] }
  /** Somebody saved in between; nothing was changed. */
  | { readonly kind: "conflict"; readonly currentRevision: number }
  | { readonly kind: "invalid_draft"; readonly problems: readonly DraftProblem[] }
  | Denied;

/** Replaces the draft, if it still is the one that the change was made to. */
export async function saveDraft(
  { db, now }: Pick<AuthoringDeps, "db" | "now">,
  principal: Principal,
  request: SaveDraftRequest,
): Promise<SaveDraftResult> {
  const access = await workflowAccess(db, principal, request.workflowId, "workflow.edit");
  if (access.kind !== "allowed") return access;
  const draft = draftText(request.definition);
  if (draft.kind === "invalid_draft") return draft;

  const revision = await updateDraft(db, request, draft.text, new Date(now()));
  if (revision !== null) return { kind: "ok", revision, problems: validate(request.definition) };
  const currentRevision = await readRevision(db, request.workflowId);
  return currentRevision === null ? { kind: "not_found" } : { kind: "conflict", currentRevision };
}

/** Checks the revision and replaces the draft in one statement: of two saves at once, one finds no row. */
async function updateDraft(
  db: AuthoringDatabase,
  request: SaveDraftRequest,
  draft: string,
  updatedAt: Date,
): Promise<number | null> {
  const [row] = await db
    .update(workflows)
    .set({
      draft,
      draftRevision: sql`${workflows.draftRevision} + 1`,
      updatedAt,
      ...(request.name === undefined ? {} : { name: request.name }),
      ...(request.description === undefined ? {} : { description: request.description }),
    })
    .where(
      and(
        eq(workflows.id, request.workflowId),
        eq(workflows.draftRevision, request.baseRevision),
        isNull(workflows.archivedAt),
      ),
    )
    .returning({ revision: workflows.draftRevision });
  return row?.revision ?? null;
}

async function readRevision(db: AuthoringDatabase, workflowId: string): Promise<number | null> {
  const [row] = await db
    .select({ revision: workflows.draftRevision })
    .from(workflows)
    .where(and(eq(workflows.id, workflowId), isNull(workflows.archivedAt)));
  return row?.revision ?? null;
}
