import type postgres from "postgres";
import type { FinalStatus } from "../../runs/stream-event.ts";

/**
 * Of every bucket in a simulation: nothing to speak of comes back by itself, so the machine's speed decides nothing.
 * Simulations turn the clock instead.
 */
export const tokensPerMinute = 0.000_01;

export interface RunEnd {
  readonly status: FinalStatus;
  readonly costMicros: number;
}

export interface SlotState {
  readonly payerId: string;
  readonly userId: string;
  readonly periodStart: string;
  readonly holdMicros: number;
  readonly live: boolean;
  readonly cancelRequested: boolean;
}

/** Everything that claims and settlements have written. Money in micro-dollars. */
export interface State {
  /** By run. */
  readonly slots: Readonly<Record<string, SlotState>>;
  /** By `payer/counter`, what has come back since the last claim included. */
  readonly tokens: Readonly<Record<string, number>>;
  /** By `payer/period`: the maintained counter, and what the ledger adds up to. */
  readonly settled: Readonly<Record<string, number>>;
  readonly ledger: Readonly<Record<string, number>>;
  /** By `payer/user/period`, of organizations. */
  readonly memberSettled: Readonly<Record<string, number>>;
  readonly memberLedger: Readonly<Record<string, number>>;
  /** Runs that have ended, by status. */
  readonly ended: Readonly<Record<string, { readonly runs: number; readonly costMicros: number }>>;
  /** Rows of `run_rows`, and how many different runs they tell of: the same, or a run is in two places. */
  readonly rowsOfRuns: number;
  readonly runs: number;
}

/** Reads the state in one statement: one snapshot, in which every invariant must hold. */
export async function readState(sql: postgres.Sql): Promise<State> {
  const [row] = await sql.unsafe<{ state: State }[]>(stateSql, [], { prepare: true });
  if (row === undefined) throw new Error("The state has one row.");
  return row.state;
}

/** Every run that has ended, by id. */
export async function readEnds(sql: postgres.Sql): Promise<ReadonlyMap<string, RunEnd>> {
  const rows = await sql<{ id: string; status: FinalStatus; cost_micros: string }[]>`
    SELECT id, status, cost_micros FROM runs`;
  return new Map(rows.map((row) => [row.id, { status: row.status, costMicros: Number(row.cost_micros) }]));
}

const period = `to_char(period_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"')`;

// Rounded: what comes back to a bucket during a simulation is a small part of a thousandth.
const stateSql = /* sql */ `
WITH by_member AS (
  SELECT payer_id, user_id, period_start, sum(amount_micros) AS micros
    FROM ledger_entries GROUP BY payer_id, user_id, period_start
), by_run AS (
  SELECT id, count(*) AS places FROM run_rows GROUP BY id
)
SELECT jsonb_build_object(
  'slots', (SELECT coalesce(jsonb_object_agg(run_id, jsonb_build_object('payerId', payer_id, 'userId', user_id,
      'periodStart', ${period}, 'holdMicros', hold_micros, 'live', expires_at > clock_timestamp(),
      'cancelRequested', cancel_requested_at IS NOT NULL)), '{}') FROM slots),
  'tokens', (SELECT coalesce(jsonb_object_agg(payer_id || '/' || counter, round((tokens
      + extract(epoch FROM clock_timestamp() - refilled_at) * ${tokensPerMinute} / 60)::numeric, 3)::float8), '{}')
      FROM rate_buckets),
  'settled', (SELECT coalesce(jsonb_object_agg(payer_id || '/' || ${period}, settled_micros), '{}')
      FROM usage_counters),
  'ledger', (SELECT coalesce(jsonb_object_agg(payer_id || '/' || ${period}, micros), '{}')
      FROM (SELECT payer_id, period_start, sum(micros) AS micros FROM by_member GROUP BY 1, 2) m),
  'memberSettled', (SELECT coalesce(jsonb_object_agg(payer_id || '/' || user_id || '/' || ${period}, settled_micros),
      '{}') FROM member_usage_counters),
  'memberLedger', (SELECT coalesce(jsonb_object_agg(m.payer_id || '/' || m.user_id || '/' || ${period}, micros), '{}')
      FROM by_member m JOIN payers p ON p.id = m.payer_id AND p.organization_id IS NOT NULL),
  'ended', (SELECT coalesce(jsonb_object_agg(status, jsonb_build_object('runs', runs, 'costMicros', cost)), '{}')
      FROM (SELECT status, count(*) AS runs, sum(cost_micros) AS cost FROM runs GROUP BY status) r),
  'rowsOfRuns', (SELECT coalesce(sum(places), 0) FROM by_run),
  'runs', (SELECT count(*) FROM by_run)
) AS state`;
