import type postgres from "postgres";
import type { ClaimStore, RenewedLease } from "../port.ts";
import { settleRun } from "../settlement.ts";
import { callClaim } from "./claim.ts";
import { readInUse } from "./in-use.ts";
import { endLostRuns } from "./lost-runs.ts";
import { settleCall } from "./settle-call.ts";
import { callTopUp } from "./top-up.ts";

/** Claims on PostgreSQL, judged on the database's clock. Each method is one statement. */
export function createPostgresClaimStore(sql: postgres.Sql): ClaimStore {
  return {
    bucketsInFacts: true,
    claim: (request) => callClaim(sql, request, true),
    inspect: (request) => callClaim(sql, request, false),
    inUse: (payer, buckets) => readInUse(sql, payer, buckets),
    persist: (holder, runIds) => persistClaims(sql, holder, runIds),
    renew: (holder, runIds, leaseMs) => renewLeases(sql, holder, runIds, leaseMs),
    topUp: (request) => callTopUp(sql, request),
    settleCall: (call) => settleCall(sql, call),
    settle: (settlement) => settleRun(sql, settlement),
    release: (runId, holder) => releaseClaim(sql, runId, holder),
    reap: () => endLostRuns(sql, { kind: "expired" }),
    free: async (runId) => (await endLostRuns(sql, { kind: "these", runIds: [runId] })).length > 0,
    requestCancel: (runId) => requestCancel(sql, runId),
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
async function releaseClaim(sql: postgres.Sql, runId: string, holder: string): Promise<boolean> {
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

async function requestCancel(sql: postgres.Sql, runId: string): Promise<boolean> {
  const rows = await sql`
    UPDATE slots SET cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp())
     WHERE run_id = ${runId} RETURNING run_id`;
  return rows.length > 0;
}
