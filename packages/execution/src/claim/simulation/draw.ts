import type { Bucket } from "@gantry/billing";
import type { ModelCharge } from "../../engine/events.ts";
import type { FinalStatus } from "../../runs/stream-event.ts";
import type { ClaimRequest, TopUpRequest } from "../port.ts";
import type { Settlement } from "../settlement.ts";
import type { Chance } from "./chance.ts";
import { leaseTicks, tickMs } from "./clock.ts";
import type { SimulatedPayer } from "./payer.ts";

export const baseChargeMicros = 5_000;

/** Apart by so much that the time a simulation takes cannot blur which run ends first. */
const durationsTicks = [1.5, 6.5, 24.5] as const;

/** Null: no bucket. */
export function bucketOf({ capacity, tokensPerTick }: SimulatedPayer): Bucket | null {
  return capacity === null ? null : { capacity, perMinute: (tokensPerTick * 60_000) / tickMs };
}

/** A run as its preflight would claim it now; its facts know of nothing settled. */
export function drawRequest(
  chance: Chance,
  payer: SimulatedPayer,
  runId: string,
  holder: string,
): ClaimRequest {
  const userId = chance.pick(payer.userIds);
  const counter = chance.odds(0.75) ? chance.pick(["sync", "async"] as const) : null;
  const bucket = bucketOf(payer);
  return {
    runId,
    payerId: payer.payerId,
    userId,
    workspaceId: payer.workspaceId,
    workflowId: payer.workflowId,
    versionId: null,
    apiKeyId: null,
    profile: "api",
    plan: "free",
    payer: "{}",
    input: "{}",
    decision: "[]",
    holder,
    epoch: chance.between(2, 5),
    leaseMs: leaseTicks * tickMs,
    deadlineMs: 2 * Math.max(...durationsTicks) * tickMs,
    expectedMs: chance.pick(durationsTicks) * tickMs,
    rate: counter === null || bucket === null ? null : { counter, ...bucket },
    concurrentRunsMax: payer.concurrentRunsMax,
    holdMicros: baseChargeMicros + (chance.odds(0.3) ? 0 : chance.between(0, 80_000)),
    limitMicros: payer.limitMicros,
    memberLimitMicros: payer.memberLimitMicros.get(userId) ?? null,
    periodStart: payer.periodStart,
    known: { ageMs: 0, settledMicros: 0, memberSettledMicros: 0 },
    countsForMember: payer.isOrganization,
  };
}

/** More money for a run, by the limits that it was admitted with. */
export function topUpOf(request: ClaimRequest, addMicros: number): TopUpRequest {
  const { runId, epoch, payerId, userId, limitMicros, memberLimitMicros, periodStart } = request;
  return { runId, epoch, payerId, userId, limitMicros, memberLimitMicros, periodStart, addMicros };
}

/** Nothing is charged for a call with the customer's own key. */
export function chargeOf(key: string, costMicros: number): ModelCharge {
  return {
    key,
    blockId: "agent",
    provider: "anthropic",
    model: "claude-haiku-4-5",
    keySource: costMicros === 0 ? "workspace" : "platform",
    inputTokens: 1,
    outputTokens: 1,
    costMicros,
  };
}

/** How a run with these calls may end. One that has called a model has reached a block. */
export function drawSettlement(
  chance: Chance,
  { runId, epoch }: ClaimRequest,
  charges: readonly ModelCharge[],
): Settlement {
  const status = chance.pick<FinalStatus>(["completed", "completed", "failed", "cancelled"]);
  const reachedABlock = status === "completed" || charges.length > 0 || chance.odds(0.5);
  return {
    runId,
    epoch,
    record: {
      status,
      output: status === "completed" ? "{}" : null,
      error: status === "failed" ? { code: "DEADLINE_EXCEEDED", message: "Too late.", blockId: null } : null,
      startedAt: reachedABlock ? 1_767_225_600_000 : null,
      spans: [],
      charges,
    },
    decision: [],
    timings: {
      factsMs: null,
      gatesMs: null,
      claimMs: null,
      definitionMs: null,
      definition: null,
      totalMs: 0,
    },
    now: 1_767_225_600_000,
    baseChargeMicros,
  };
}
