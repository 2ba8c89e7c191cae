import type postgres from "postgres";
import type { Decision, PreflightTimings } from "../admission/decision.ts";
import type { ModelCharge } from "../engine/events.ts";
import type { RunRecord } from "../runs/journal.ts";
import type { FinalStatus } from "../runs/stream-event.ts";

export interface Settlement {
  readonly runId: string;
  /** Of the lease under which the run was run. */
  readonly epoch: number;
  readonly record: RunRecord;
  readonly decision: Decision;
  readonly timings: PreflightTimings;
  /** Unix milliseconds. */
  readonly now: number;
  /** Charged once if any block was reached. */
  readonly baseChargeMicros: number;
}

export interface Settled {
  readonly status: FinalStatus;
  readonly costMicros: number;
  /** Unix milliseconds, on the database's clock. */
  readonly endedAt: number;
}

/**
 * Ends a run, in one statement: final state, ledger entries, counters and block spans written, slot and hold released.
 *
 * The right to do so is the slot. Whoever deletes it under its epoch settles; a second call, and one whose lease was
 * taken over or reaped meanwhile, changes nothing and is told how the run has ended: `lost` if it has not. Throws what the driver throws;
 * calling again is safe.
 */
export async function settleRun(sql: postgres.Sql, settlement: Settlement): Promise<Settled> {
  const { runId, epoch, record } = settlement;
  const rows = await sql.unsafe<SettledRow[]>(
    settleSql,
    [
      runId,
      epoch,
      record.status,
      record.output,
      record.error === null ? null : JSON.stringify(record.error),
      JSON.stringify(settlement.decision),
      JSON.stringify(settlement.timings),
      record.startedAt,
      JSON.stringify(entriesOf(settlement)),
      JSON.stringify(record.spans),
    ],
    { prepare: true },
  );
  const row = rows[0] ?? (await readEnd(sql, runId));
  // Neither in progress under this epoch nor ended: taken over, or the database lost the claim before it was on disk.
  if (row === undefined) return { status: "lost", costMicros: 0, endedAt: settlement.now };
  return { status: row.status, costMicros: Number(row.cost_micros), endedAt: row.ended_at_ms };
}

interface SettledRow {
  status: FinalStatus;
  cost_micros: string;
  ended_at_ms: number;
}

interface Entry {
  readonly event_key: string;
  readonly kind: "base" | "model";
  readonly provider: string | null;
  readonly model: string | null;
  readonly key_source: string | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly amount_micros: number;
}

/** A run that never reached a block costs nothing. Model calls that were charged when they ended are in here once more. */
function entriesOf({ runId, record, baseChargeMicros }: Settlement): Entry[] {
  if (record.startedAt === null) return [];
  const base: Entry = {
    event_key: `${runId}:base`,
    kind: "base",
    provider: null,
    model: null,
    key_source: null,
    input_tokens: null,
    output_tokens: null,
    amount_micros: baseChargeMicros,
  };
  return [base, ...record.charges.map((charge) => modelEntry(runId, charge))];
}

/** The same entry, whether it is written when the call ends or when the run does. */
export function modelEntry(runId: string, charge: ModelCharge): Entry {
  return {
    event_key: `${runId}:model:${charge.key}`,
    kind: "model",
    provider: charge.provider,
    model: charge.model,
    key_source: charge.keySource,
    input_tokens: charge.inputTokens,
    output_tokens: charge.outputTokens,
    amount_micros: charge.costMicros,
  };
}

const settleSql = /* sql */ `
WITH freed AS (
  DELETE FROM slots WHERE run_id = $1 AND epoch = $2 RETURNING *, clock_timestamp() AS ended_at
), entries AS (
  INSERT INTO ledger_entries (event_key, payer_id, user_id, workspace_id, run_id, period_start, kind, provider, model,
                              key_source, input_tokens, output_tokens, amount_micros)
  SELECT e.event_key, f.payer_id, f.user_id, f.workspace_id, f.run_id, f.period_start, e.kind, e.provider, e.model,
         e.key_source, e.input_tokens, e.output_tokens, e.amount_micros
    FROM freed f, jsonb_to_recordset($9::text::jsonb) AS e(event_key text, kind text, provider text, model text,
         key_source text, input_tokens int, output_tokens int, amount_micros bigint)
  ON CONFLICT (event_key) DO NOTHING
  RETURNING amount_micros
), total AS (
  -- Of entries that are new: what calls were charged before is in spent_micros and counted already.
  SELECT coalesce(sum(amount_micros), 0)::bigint AS micros FROM entries
), counted AS (
  INSERT INTO usage_counters AS c (payer_id, period_start, settled_micros)
  SELECT f.payer_id, f.period_start, t.micros FROM freed f, total t WHERE t.micros > 0
  ON CONFLICT (payer_id, period_start) DO UPDATE SET settled_micros = c.settled_micros + excluded.settled_micros
  RETURNING payer_id, period_start
), counted_for_member AS (
  -- Reads counted so that both rows are always locked in this order.
  INSERT INTO member_usage_counters AS c (payer_id, user_id, period_start, settled_micros)
  SELECT f.payer_id, f.user_id, f.period_start, t.micros FROM freed f JOIN counted USING (payer_id, period_start), total t
   WHERE f.counts_for_member
  ON CONFLICT (payer_id, user_id, period_start) DO UPDATE SET settled_micros = c.settled_micros + excluded.settled_micros
), ended AS (
  -- A workflow that was deleted meanwhile took its history along; what was spent is charged all the same.
  INSERT INTO runs (id, workspace_id, workflow_id, version_id, profile, actor_user_id, api_key_id, payer_id,
                    period_start, plan, payer, status, input, output, error, decision, timings, cost_micros, created_at,
                    started_at, ended_at)
  SELECT f.run_id, f.workspace_id, f.workflow_id, f.version_id, f.profile, f.user_id, f.api_key_id, f.payer_id,
         f.period_start, f.plan, f.payer, $3, f.input, $4, $5, $6, $7, f.spent_micros + t.micros, f.created_at,
         to_timestamp($8::float8 / 1000), f.ended_at
    FROM freed f JOIN workflows w ON w.id = f.workflow_id, total t
  RETURNING id
), spans AS (
  INSERT INTO block_spans (run_id, block_id, seq, name, type, status, input, output, error, started_at, duration_ms,
                           cost_micros)
  SELECT ended.id, s."blockId", s.seq, s.name, s.type, s.status, s.input, s.output, s.error,
         to_timestamp(s."startedAt" / 1000), s."durationMs", s."costMicros"
    FROM ended, jsonb_to_recordset($10::text::jsonb) AS s("blockId" text, seq int, name text, type text, status text,
         input text, output text, error text, "startedAt" float8, "durationMs" float8, "costMicros" bigint)
)
SELECT $3 AS status, f.spent_micros + t.micros AS cost_micros, extract(epoch FROM f.ended_at)::float8 * 1000 AS ended_at_ms
  FROM freed f, total t`;

async function readEnd(sql: postgres.Sql, runId: string): Promise<SettledRow | undefined> {
  const rows = await sql<SettledRow[]>`
    SELECT status, cost_micros, extract(epoch FROM ended_at)::float8 * 1000 AS ended_at_ms
      FROM runs WHERE id = ${runId}`;
  return rows[0];
}
