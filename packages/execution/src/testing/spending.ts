import type { TestDatabase } from "@gantry/db/testing";

/** Everything that a run could have spent, as it stands in the database. */
export async function spending(database: TestDatabase) {
  const { sql } = database;
  return {
    buckets: await sql`SELECT payer_id, counter, tokens, refilled_at FROM rate_buckets ORDER BY 1, 2`,
    slots: await sql`SELECT run_id, hold_micros FROM slots ORDER BY 1`,
    ledger: await sql`SELECT event_key, amount_micros FROM ledger_entries ORDER BY 1`,
    counters: await sql`SELECT payer_id, period_start, settled_micros FROM usage_counters ORDER BY 1, 2`,
    members: await sql`SELECT payer_id, user_id, settled_micros FROM member_usage_counters ORDER BY 1, 2`,
    admitted: await sql`SELECT id FROM run_rows WHERE status <> 'refused' ORDER BY 1`,
  };
}
