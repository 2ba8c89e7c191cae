import type { PreflightOutcome } from "../admission/preflight.ts";
import type { Profile } from "../admission/profile.ts";
import type { RefusalRecorder } from "./refusal-recorder.ts";

/**
 * Keeps a refused run where its workspace can see it: not for a caller who is unknown, or who may not know of the
 * workflow. Returns its id, or null when it is not kept.
 */
export function recordRefusal(
  refusals: RefusalRecorder,
  request: { readonly runId: string; readonly profile: Profile; readonly at: number },
  outcome: Extract<PreflightOutcome, { kind: "refused" }>,
): string | null {
  const { facts, refusal, decision, timings } = outcome;
  if (facts === null || refusal.code === "WORKFLOW_NOT_FOUND") return null;
  const { actor, workflow, payer } = facts;
  if (actor === null || workflow === null) return null;
  const pinned = request.profile.definition === "draft" ? null : workflow.activeVersion;
  const kept = refusals.record({
    id: request.runId,
    workspaceId: workflow.workspaceId,
    workflowId: workflow.id,
    versionId: pinned?.id ?? null,
    profile: request.profile.name,
    actorUserId: actor.userId,
    apiKeyId: actor.apiKeyId,
    payerId: payer?.id ?? null,
    plan: payer === null ? null : (payer.standing.subscription?.plan ?? "free"),
    refusalCode: refusal.code,
    decision,
    timings,
    at: request.at,
  });
  return kept ? request.runId : null;
}
