import { insertTenant, insertUser, type TestDatabase } from "@gantry/db/testing";
import { v7 as uuidv7 } from "uuid";
import type { ModelCharge } from "../../engine/events.ts";
import type { FinalStatus } from "../../runs/stream-event.ts";
import { payByOrganization } from "../../testing/failing-gates.ts";
import type { ClaimRequest, TopUpRequest } from "../port.ts";
import type { Settlement } from "../settlement.ts";

/** Who claims. */
export type Claimant = Pick<
  ClaimRequest,
  "payerId" | "userId" | "workspaceId" | "workflowId" | "countsForMember"
>;

export const periodStart = "2026-01-01T00:00:00.000Z";
/** A store of which this little comes back forgets nothing during a test, however slow the machine is. */
export const hardlyPerMinute = 0.000_01;

/** Somebody who pays for themselves. */
export async function insertPerson(database: TestDatabase): Promise<Claimant> {
  const { payerId, userId, workspaceId, workflowId } = await insertTenant(database.db);
  return { payerId, userId, workspaceId, workflowId, countsForMember: false };
}

/** Two members of one organization, which pays. */
export async function insertMembers(database: TestDatabase): Promise<readonly [Claimant, Claimant]> {
  const { payerId, userId, workspaceId, workflowId } = await payByOrganization(
    database,
    await insertTenant(database.db),
  );
  const one = { payerId, userId, workspaceId, workflowId, countsForMember: true };
  return [one, { ...one, userId: (await insertUser(database.db)).id }];
}

/** A claim that nothing stands in the way of, unless the changes say so. Its facts know of nothing settled. */
export function requestOf(claimant: Claimant, changes: Partial<ClaimRequest> = {}): ClaimRequest {
  return {
    ...claimant,
    runId: uuidv7(),
    versionId: null,
    apiKeyId: null,
    profile: "api",
    plan: "free",
    payer: '{"kind":"user"}',
    // What JSON may carry and jsonb may not.
    input: '{"text":"a\\u0000b \\ud800"}',
    decision: "[]",
    holder: "holder",
    epoch: 2,
    leaseMs: 3_600_000,
    deadlineMs: 3_600_000,
    expectedMs: 60_000,
    rate: { counter: "sync", perMinute: hardlyPerMinute, capacity: 1_000_000 },
    concurrentRunsMax: 1_000_000,
    holdMicros: 5_000,
    limitMicros: 1_000_000_000,
    memberLimitMicros: null,
    periodStart,
    known: { ageMs: 0, settledMicros: 0, memberSettledMicros: 0 },
    ...changes,
  };
}

export function topUpOf(request: ClaimRequest, addMicros: number): TopUpRequest {
  const { runId, epoch, payerId, userId, limitMicros, memberLimitMicros } = request;
  return { runId, epoch, payerId, userId, limitMicros, memberLimitMicros, periodStart, addMicros };
}

export function chargeOf(key: string, costMicros: number): ModelCharge {
  return {
    key,
    blockId: "agent",
    provider: "anthropic",
    model: "claude-haiku-4-5",
    keySource: "platform",
    inputTokens: 1,
    outputTokens: 1,
    costMicros,
  };
}

/** The end of a run that reached its blocks: the base charge, and what its calls cost. */
export function settlementOf(
  { runId, epoch }: ClaimRequest,
  charges: readonly ModelCharge[] = [],
  baseChargeMicros = 5_000,
  status: FinalStatus = "completed",
): Settlement {
  return {
    runId,
    epoch,
    record: { status, output: "{}", error: null, startedAt: 1_767_225_600_000, spans: [], charges },
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
