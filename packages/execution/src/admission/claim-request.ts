import { type BillingConfig, type Limits, storeSnapshot } from "@gantry/billing";
import type { JsonValue } from "@gantry/workflow";
import type { ClaimRequest } from "../claim/port.ts";
import { completeDecision, type GateVerdict } from "./decision.ts";
import type { Admissible } from "./judge.ts";
import type { Profile } from "./profile.ts";

/** Until the first run of a workflow has ended, nobody knows how long they take. */
const unknownRunMs = 30_000;

export interface Claimable extends Admissible {
  readonly limits: Limits;
  /** Null for a draft. */
  readonly version: { readonly id: string } | null;
  readonly input: Readonly<Record<string, JsonValue>>;
  /** What the run's priced blocks can cost; null when that cannot be said before each call. */
  readonly worstCostMicros: number | null;
  /** The caller's own bound for the whole run; null for none. */
  readonly maxCostMicros: number | null;
  /** At most how old the facts are. */
  readonly factsAgeMs: number;
}

/** What the claim is asked for, from the facts and the limits that hold. */
export function claimRequest(
  deps: { readonly billing: BillingConfig; readonly holder: string; readonly leaseMs: number },
  request: { readonly runId: string; readonly profile: Profile },
  claimable: Claimable,
  verdicts: readonly GateVerdict[],
): ClaimRequest {
  const { actor, workflow, payer, limits } = claimable;
  const { profile } = request;
  const { standing } = payer;
  const { rateCounter } = profile;
  const bucket = rateCounter === null ? null : limits[rateCounter];
  const deadlineMs = profile.deadline === "sync" ? limits.syncDeadlineMs : limits.asyncDeadlineMs;
  const memberLimitMicros = deps.billing.enabled ? (standing.memberCap?.limitMicros ?? null) : null;
  return {
    runId: request.runId,
    payerId: payer.id,
    userId: actor.userId,
    workspaceId: workflow.workspaceId,
    workflowId: workflow.id,
    versionId: claimable.version?.id ?? null,
    apiKeyId: actor.apiKeyId,
    profile: profile.name,
    plan: limits.plan,
    payer: storeSnapshot({
      payerId: payer.id,
      kind: payer.kind,
      plan: limits.plan,
      planSource: standing.subscription?.source ?? null,
      userId: actor.userId,
      period: standing.period,
      limits: {
        usageLimitMicros: limits.usageLimitMicros,
        sync: limits.sync,
        async: limits.async,
        concurrentRunsMax: limits.concurrentRunsMax,
      },
      memberLimitMicros,
    }),
    input: JSON.stringify(claimable.input),
    decision: JSON.stringify(completeDecision(verdicts)),
    holder: deps.holder,
    epoch: 1,
    leaseMs: deps.leaseMs,
    deadlineMs,
    expectedMs: Math.min(deadlineMs, workflow.typicalRunMs ?? unknownRunMs),
    rate: bucket === null || rateCounter === null ? null : { ...bucket, counter: rateCounter },
    concurrentRunsMax: limits.concurrentRunsMax,
    holdMicros: firstHold(deps.billing, claimable),
    limitMicros: limits.usageLimitMicros,
    memberLimitMicros,
    periodStart: standing.period.start,
    countsForMember: payer.kind === "organization",
    known: {
      ageMs: claimable.factsAgeMs,
      settledMicros: standing.settledMicros,
      memberSettledMicros: standing.memberCap?.settledMicros ?? 0,
    },
  };
}

/** The base charge and the worst that the priced blocks can cost; a slice of that where it is more, or unknown. */
function firstHold(
  { baseChargeMicros, holdSliceMicros }: BillingConfig,
  { worstCostMicros, maxCostMicros }: Pick<Claimable, "worstCostMicros" | "maxCostMicros">,
): number {
  const wanted = baseChargeMicros + Math.min(worstCostMicros ?? holdSliceMicros, holdSliceMicros);
  return maxCostMicros === null ? wanted : Math.min(wanted, maxCostMicros);
}
