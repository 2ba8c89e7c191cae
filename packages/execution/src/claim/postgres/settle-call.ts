import type postgres from "postgres";
import type { CallSettlement } from "../port.ts";
import { modelEntry } from "../settlement.ts";

/**
 * Charges one model call of a run in progress: ledger entry, counters, and the same amount out of the run's hold, in one
 * statement. An entry that is there already, or a slot that is gone, makes it change nothing.
 */
export async function settleCall(sql: postgres.Sql, { runId, epoch, charge }: CallSettlement): Promise<void> {
  const entry = modelEntry(runId, charge);
  await sql.unsafe(
    settleCallSql,
    [
      runId,
      epoch,
      entry.event_key,
      entry.provider,
      entry.model,
      entry.key_source,
      entry.input_tokens,
      entry.output_tokens,
      entry.amount_micros,
    ],
    { prepare: true },
  );
}

const settleCallSql = /* sql */ `
WITH slot AS (
  SELECT * FROM slots WHERE run_id = $1 AND epoch = $2 FOR UPDATE
), entry AS (
  INSERT INTO ledger_entries (event_key, payer_id, user_id, workspace_id, run_id, period_start, kind, provider, model,
                              key_source, input_tokens, output_tokens, amount_micros)
  SELECT $3, s.payer_id, s.user_id, s.workspace_id, s.run_id, s.period_start, 'model', $4, $5, $6, $7, $8, $9
    FROM slot s
  ON CONFLICT (event_key) DO NOTHING
  RETURNING amount_micros
), moved AS (
  UPDATE slots SET hold_micros = greatest(0, hold_micros - e.amount_micros), spent_micros = spent_micros + e.amount_micros
    FROM entry e WHERE run_id = $1 AND e.amount_micros > 0
), counted AS (
  INSERT INTO usage_counters AS c (payer_id, period_start, settled_micros)
  SELECT s.payer_id, s.period_start, e.amount_micros FROM slot s, entry e WHERE e.amount_micros > 0
  ON CONFLICT (payer_id, period_start) DO UPDATE SET settled_micros = c.settled_micros + excluded.settled_micros
  RETURNING payer_id, period_start
)
-- Reads counted so that both rows are always locked in this order.
INSERT INTO member_usage_counters AS c (payer_id, user_id, period_start, settled_micros)
SELECT s.payer_id, s.user_id, s.period_start, e.amount_micros
  FROM slot s JOIN counted USING (payer_id, period_start), entry e
 WHERE s.counts_for_member
ON CONFLICT (payer_id, user_id, period_start) DO UPDATE SET settled_micros = c.settled_micros + excluded.settled_micros`;
