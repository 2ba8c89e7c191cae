import type { BillingConfig, Limits } from "@gantry/billing";
import type { JsonValue } from "@gantry/workflow";
import type { ClaimRequest } from "../claim/port.ts";
import { completeDecision, type GateVerdict } from "./decision.ts";
import type { Admissible } from "./judge.ts";
import type { Profile } from "./profile.ts";

/** What the claim is asked for, from the facts and the limits that hold. */
export function claimRequest(
  deps: { readonly billing: BillingConfig; readonly holder: string; readonly leaseMs: number },
  request: { readonly runId: string; readonly profile: Profile },
  { actor, workflow, payer }: Admissible,
  limits: Limits,
  version: { readonly id: string } | null,
  input: Readonly<Record<string, JsonValue>>,
  verdicts: readonly GateVerdict[],
): ClaimRequest {
  const { profile } = request;
  const bucket = profile.rateCounter === null ? null : limits[profile.rateCounter];
  return {
    runId: request.runId,
    payerId: payer.id,
    userId: actor.userId,
    workspaceId: workflow.workspaceId,
    workflowId: workflow.id,
    versionId: version?.id ?? null,
    apiKeyId: actor.apiKeyId,
    profile: profile.name,
    plan: limits.plan,
    input: JSON.stringify(input),
    decision: JSON.stringify(completeDecision(verdicts)),
    holder: deps.holder,
    epoch: 1,
    leaseMs: deps.leaseMs,
    deadlineMs: profile.deadline === "sync" ? limits.syncDeadlineMs : limits.asyncDeadlineMs,
    rate:
      bucket === null || profile.rateCounter === null ? null : { ...bucket, counter: profile.rateCounter },
    concurrentRunsMax: limits.concurrentRunsMax,
    holdMicros: deps.billing.baseChargeMicros,
    limitMicros: limits.usageLimitMicros,
    memberLimitMicros: deps.billing.enabled ? (payer.standing.memberCap?.limitMicros ?? null) : null,
    periodStart: payer.standing.period.start,
    countsForMember: payer.kind === "organization",
  };
}
