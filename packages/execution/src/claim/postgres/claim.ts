import type postgres from "postgres";
import type { ClaimAnswer, ClaimRequest, ClaimResult } from "../port.ts";

interface ClaimRow {
  outcome: ClaimResult;
  tokens: number | null;
  in_use: number;
  earliest_end_ms: number | null;
  settled: number;
  held: number;
  member_settled: number;
  member_held: number;
}

export async function callClaim(sql: postgres.Sql, r: ClaimRequest, spend: boolean): Promise<ClaimAnswer> {
  const rows = await sql.unsafe<ClaimRow[]>(
    `SELECT * FROM claim_run($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27)`,
    [
      spend,
      r.runId,
      r.payerId,
      r.userId,
      r.workspaceId,
      r.workflowId,
      r.versionId,
      r.apiKeyId,
      r.profile,
      r.plan,
      r.payer,
      r.input,
      r.decision,
      r.holder,
      r.epoch,
      r.leaseMs,
      r.deadlineMs,
      r.expectedMs,
      r.rate?.counter ?? null,
      r.rate?.perMinute ?? null,
      r.rate?.capacity ?? null,
      r.concurrentRunsMax,
      r.holdMicros,
      r.limitMicros,
      r.memberLimitMicros,
      r.periodStart,
      r.countsForMember,
    ],
    { prepare: true },
  );
  const row = rows[0];
  if (row === undefined) throw new Error("The claim returned no row.");
  return {
    result: row.outcome,
    tokens: row.tokens,
    slotsInUse: row.in_use,
    earliestEndMs: row.earliest_end_ms,
    settledMicros: row.settled,
    heldMicros: row.held,
    memberSettledMicros: row.member_settled,
    memberHeldMicros: row.member_held,
  };
}
