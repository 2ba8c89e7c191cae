import type { Settlement } from "../settlement.ts";
import type { FinalStatus } from "../../runs/stream-event.ts";
import type { ClaimRequest } from "../port.ts";
import type { Chance } from "./chance.ts";
import { tokensPerMinute } from "./state.ts";

/** Somebody whose runs a simulation starts, with the limits that hold now. Money in micro-dollars; null: no limit. */
export interface SimulatedPayer {
  readonly payerId: string;
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly isOrganization: boolean;
  /** One for a person, several for an organization. */
  readonly userIds: readonly string[];
  periodStart: string;
  /** Null: none of its runs takes from a bucket. */
  capacity: number | null;
  concurrentRunsMax: number | null;
  limitMicros: number | null;
  readonly memberLimitMicros: Map<string, number>;
}

const baseChargeMicros = 5_000;

/** Apart by so much that the time a simulation takes cannot blur which of them comes first. */
const durationsMs = [3_600_000, 36_000_000, 360_000_000] as const;

export function drawRequest(
  chance: Chance,
  payer: SimulatedPayer,
  runId: string,
  holder: string,
): ClaimRequest {
  const userId = chance.pick(payer.userIds);
  const counter = chance.odds(0.6) ? chance.pick(["sync", "async"] as const) : null;
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
    leaseMs: 3_600_000,
    deadlineMs: 2 * Math.max(...durationsMs),
    expectedMs: chance.pick(durationsMs),
    rate:
      counter === null || payer.capacity === null
        ? null
        : { counter, perMinute: tokensPerMinute, capacity: payer.capacity },
    concurrentRunsMax: payer.concurrentRunsMax,
    holdMicros: baseChargeMicros + (chance.odds(0.5) ? 0 : chance.between(0, 80_000)),
    limitMicros: payer.limitMicros,
    memberLimitMicros: payer.memberLimitMicros.get(userId) ?? null,
    periodStart: payer.periodStart,
    known: { ageMs: 0, settledMicros: 0, memberSettledMicros: 0 },
    countsForMember: payer.isOrganization,
  };
}

/**
 * How a run may end. Its charges stay within its hold: that settled and held never pass the limit is only promised for
 * those, since a hold is meant to be an upper bound of what its run can cost.
 */
export function drawSettlement(chance: Chance, request: ClaimRequest): Settlement & { costMicros: number } {
  const status = chance.pick<FinalStatus>(["completed", "completed", "failed", "cancelled"]);
  const reachedABlock = status === "completed" || chance.odds(0.5);
  const charges: number[] = [];
  let left = request.holdMicros - baseChargeMicros;
  for (let calls = reachedABlock ? chance.between(0, 3) : 0; calls > 0; calls -= 1) {
    // Nothing is charged for a call with the customer's own key.
    const costMicros = chance.odds(0.2) ? 0 : chance.between(0, left);
    charges.push(costMicros);
    left -= costMicros;
  }
  return {
    runId: request.runId,
    epoch: request.epoch,
    record: {
      status,
      output: status === "completed" ? "{}" : null,
      error: status === "failed" ? { code: "DEADLINE_EXCEEDED", message: "Too late.", blockId: null } : null,
      startedAt: reachedABlock ? 1_767_225_600_000 : null,
      spans: [],
      charges: charges.map((costMicros, call) => ({
        key: `agent:${call}`,
        blockId: "agent",
        provider: "anthropic",
        model: "claude-haiku-4-5",
        keySource: costMicros === 0 ? "workspace" : "platform",
        inputTokens: 1,
        outputTokens: 1,
        costMicros,
      })),
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
    costMicros: reachedABlock ? baseChargeMicros + charges.reduce((sum, cost) => sum + cost, 0) : 0,
  };
}
