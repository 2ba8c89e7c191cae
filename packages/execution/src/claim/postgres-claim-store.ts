import type postgres from "postgres";
import type { ClaimAnswer, ClaimRequest, ClaimResult, ClaimStore, RenewedLease } from "./port.ts";

/** Claims on PostgreSQL, judged on the database's clock. Each method is one statement. */
export function createPostgresClaimStore(sql: postgres.Sql): ClaimStore {
  return {
    claim: (request) => callClaim(sql, request, true),
    inspect: (request) => callClaim(sql, request, false),
    persist: (holder, runIds) => persistClaims(sql, holder, runIds),
    renew: (holder, runIds, leaseMs) => renewLeases(sql, holder, runIds, leaseMs),
    abandon: (runId, holder) => abandonRun(sql, runId, holder),
    reap: () => reapLeases(sql),
    requestCancel: (runId) => requestCancel(sql, runId),
  };
}

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

async function callClaim(sql: postgres.Sql, r: ClaimRequest, spend: boolean): Promise<ClaimAnswer> {
  const rows = await sql.unsafe<ClaimRow[]>(
    `SELECT * FROM claim_run($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25)`,
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
      r.input,
      r.decision,
      r.holder,
      r.epoch,
      r.leaseMs,
      r.deadlineMs,
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

/**
 * The message carries nothing; writing it makes this transaction wait until the log is on disk up to here, and with it
 * every claim that was committed before.
 */
async function persistClaims(
  sql: postgres.Sql,
  holder: string,
  runIds: readonly string[],
): Promise<readonly string[]> {
  const rows = await sql<{ run_id: string }[]>`
    SELECT s.run_id FROM (SELECT pg_logical_emit_message(true, 'gantry', '')) flushed
      JOIN slots s ON s.holder = ${holder} AND s.run_id = ANY (string_to_array(${runIds.join(",")}, ','))`;
  return rows.map((row) => row.run_id);
}

async function renewLeases(
  sql: postgres.Sql,
  holder: string,
  runIds: readonly string[],
  leaseMs: number,
): Promise<readonly RenewedLease[]> {
  const rows = await sql<{ run_id: string; cancel_requested: boolean }[]>`
    UPDATE slots SET expires_at = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
     WHERE holder = ${holder} AND run_id = ANY (string_to_array(${runIds.join(",")}, ','))
    RETURNING run_id, cancel_requested_at IS NOT NULL AS cancel_requested`;
  return rows.map((row) => ({ runId: row.run_id, cancelRequested: row.cancel_requested }));
}

/** The token comes back with the slot: what could not be answered has spent nothing. */
async function abandonRun(sql: postgres.Sql, runId: string, holder: string): Promise<boolean> {
  const rows = await sql`
    WITH freed AS (
      DELETE FROM slots WHERE run_id = ${runId} AND holder = ${holder} RETURNING run_id, payer_id, rate_counter
    ), refilled AS (
      UPDATE rate_buckets b SET tokens = b.tokens + 1 FROM freed
       WHERE b.payer_id = freed.payer_id AND b.counter = freed.rate_counter
    )
    SELECT run_id FROM freed`;
  return rows.length > 0;
}

async function reapLeases(sql: postgres.Sql): Promise<readonly string[]> {
  const rows = await sql<{ run_id: string }[]>`
    WITH dead AS (
      DELETE FROM slots WHERE expires_at < clock_timestamp() RETURNING *
    ), lost AS (
      INSERT INTO runs (id, workspace_id, workflow_id, version_id, profile, actor_user_id, api_key_id, payer_id,
                        period_start, plan, status, input, decision, created_at, ended_at)
      SELECT d.run_id, d.workspace_id, d.workflow_id, d.version_id, d.profile, d.user_id, d.api_key_id, d.payer_id,
             d.period_start, d.plan, 'lost', d.input, d.decision, d.created_at, clock_timestamp()
        FROM dead d JOIN workflows w ON w.id = d.workflow_id
      -- One run that has ended already must not keep all the others from being reaped.
      ON CONFLICT (id) DO NOTHING
    )
    SELECT run_id FROM dead`;
  return rows.map((row) => row.run_id);
}

async function requestCancel(sql: postgres.Sql, runId: string): Promise<boolean> {
  const rows = await sql`
    UPDATE slots SET cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp())
     WHERE run_id = ${runId} RETURNING run_id`;
  return rows.length > 0;
}
