import type postgres from "postgres";
import type { FinalStatus } from "../../../runs/stream-event.ts";
import { tickMs } from "../clock.ts";
import type { BucketState, Records } from "../state.ts";

export interface RecordsAndBuckets extends Records {
  /** By `payer/counter`, of those in PostgreSQL. */
  readonly tokens: Readonly<Record<string, BucketState>>;
  /** What the runs that were asked about were charged so far, and which of them have ended. */
  readonly charged: Readonly<Record<string, number>>;
  readonly endedOf: readonly string[];
}

/** Reads all that PostgreSQL keeps in one statement: one snapshot, in which every invariant must hold. */
export async function readRecords(
  sql: postgres.Sql,
  runIds: readonly string[] = [],
): Promise<RecordsAndBuckets> {
  const [row] = await sql.unsafe<{ records: RecordsAndBuckets }[]>(recordsSql, [runIds.join(",")], {
    prepare: true,
  });
  if (row === undefined) throw new Error("The records have one row.");
  return row.records;
}

export interface RunEnd {
  readonly status: FinalStatus;
  readonly costMicros: number;
}

/** Every run that has ended, by id. */
export async function readEnds(sql: postgres.Sql): Promise<ReadonlyMap<string, RunEnd>> {
  const rows = await sql<{ id: string; status: FinalStatus; cost_micros: string }[]>`
    SELECT id, status, cost_micros FROM runs`;
  return new Map(rows.map((row) => [row.id, { status: row.status, costMicros: Number(row.cost_micros) }]));
}

const period = `to_char(period_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"')`;

const recordsSql = /* sql */ `
WITH asked AS (
  SELECT unnest(string_to_array($1, ',')) AS run_id
), spent AS (
  SELECT run_id, sum(amount_micros) AS micros FROM ledger_entries GROUP BY run_id
), by_member AS (
  SELECT payer_id, user_id, period_start, sum(amount_micros) AS micros
    FROM ledger_entries GROUP BY payer_id, user_id, period_start
), by_run AS (
  SELECT id, count(*) AS places, sum(cost_micros) AS cost FROM run_rows GROUP BY id
)
SELECT jsonb_build_object(
  'rows', (SELECT coalesce(jsonb_object_agg(run_id, jsonb_build_object('payerId', payer_id, 'userId', user_id,
      'periodStart', ${period}, 'holder', holder, 'epoch', epoch, 'holdMicros', hold_micros, 'spentMicros', spent_micros,
      'live', expires_at > clock_timestamp(), 'cancelRequested', cancel_requested_at IS NOT NULL)), '{}') FROM slots),
  'tokens', (SELECT coalesce(jsonb_object_agg(payer_id || '/' || counter, jsonb_build_object(
      'tokens', round(tokens::numeric, 1)::float8,
      'agoTicks', round((extract(epoch FROM clock_timestamp() - refilled_at) * 1000 / ${tickMs})::numeric, 1)::float8)),
      '{}') FROM rate_buckets),
  'settled', (SELECT coalesce(jsonb_object_agg(payer_id || '/' || ${period}, settled_micros), '{}')
      FROM usage_counters),
  'ledger', (SELECT coalesce(jsonb_object_agg(payer_id || '/' || ${period}, micros) FILTER (WHERE micros > 0), '{}')
      FROM (SELECT payer_id, period_start, sum(micros) AS micros FROM by_member GROUP BY 1, 2) m),
  'memberSettled', (SELECT coalesce(jsonb_object_agg(payer_id || '/' || user_id || '/' || ${period}, settled_micros),
      '{}') FROM member_usage_counters),
  'memberLedger', (SELECT coalesce(jsonb_object_agg(m.payer_id || '/' || m.user_id || '/' || ${period}, micros)
      FILTER (WHERE micros > 0), '{}')
      FROM by_member m JOIN payers p ON p.id = m.payer_id AND p.organization_id IS NOT NULL),
  'ended', (SELECT coalesce(jsonb_object_agg(status, jsonb_build_object('runs', runs, 'costMicros', cost)), '{}')
      FROM (SELECT status, count(*) AS runs, sum(cost_micros) AS cost FROM runs GROUP BY status) r),
  'rowsOfRuns', (SELECT coalesce(sum(places), 0) FROM by_run),
  'runs', (SELECT count(*) FROM by_run),
  'astray', (SELECT coalesce(jsonb_agg(coalesce(r.id, s.run_id)), '[]') FROM by_run r FULL JOIN spent s ON s.run_id = r.id
      WHERE r.id IS NULL OR r.cost <> coalesce(s.micros, 0)),
  'charged', (SELECT coalesce(jsonb_object_agg(run_id, micros), '{}') FROM spent JOIN asked USING (run_id)),
  'endedOf', (SELECT coalesce(jsonb_agg(r.id), '[]') FROM runs r JOIN asked a ON a.run_id = r.id)
) AS records`;
