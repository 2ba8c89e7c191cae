import type postgres from "postgres";
import type { ClaimRequest } from "../port.ts";
import type { Slot } from "./slot.ts";

/** A run's row in PostgreSQL as JSON text: kept beside its slot until it is written. */
export function rowOf(request: ClaimRequest): string {
  return JSON.stringify({
    run_id: request.runId,
    payer_id: request.payerId,
    user_id: request.userId,
    workspace_id: request.workspaceId,
    workflow_id: request.workflowId,
    version_id: request.versionId,
    profile: request.profile,
    api_key_id: request.apiKeyId,
    plan: request.plan,
    payer: request.payer,
    input: request.input,
    decision: request.decision,
    holder: request.holder,
    epoch: request.epoch,
    hold_micros: request.holdMicros,
    rate_counter: request.rate?.counter ?? null,
    period_start: request.periodStart,
    counts_for_member: request.countsForMember,
    lease_ms: request.leaseMs,
    expected_ms: request.expectedMs,
    deadline_ms: request.deadlineMs,
  });
}

/** Writes the rows of runs in progress, all at once. One that is there already, or has ended, is left as it is. */
export async function insertRunRows(
  sql: postgres.Sql,
  slots: readonly Pick<Slot, "row" | "ageMs">[],
): Promise<void> {
  const waiting = slots.flatMap(({ row, ageMs }) => (row === null ? [] : [`{"age":${ageMs},"row":${row}}`]));
  if (waiting.length === 0) return;
  await sql.begin(async (transaction) => {
    const inserted = await transaction.unsafe<{ run_id: string }[]>(insertSql, [`[${waiting.join(",")}]`], {
      prepare: true,
    });
    if (inserted.length > 0) await removeEnded(transaction, inserted);
  });
}

/**
 * Where somebody else wrote the same row and ended the run while our statement waited for that, it looked for ended runs
 * too early and has put the row back. Nobody may see that: the run would be in two places.
 */
async function removeEnded(
  transaction: postgres.TransactionSql,
  inserted: readonly { readonly run_id: string }[],
): Promise<void> {
  const runIds = inserted.map((row) => row.run_id).join(",");
  await transaction`
    DELETE FROM slots s
     WHERE s.run_id = ANY (string_to_array(${runIds}, ',')) AND EXISTS (SELECT FROM runs r WHERE r.id = s.run_id)`;
}

// Ages, not instants: the two stores' clocks need not agree.
const insertSql = /* sql */ `
INSERT INTO slots (run_id, payer_id, user_id, workspace_id, workflow_id, version_id, profile, api_key_id, plan, payer,
                   input, decision, holder, epoch, hold_micros, rate_counter, period_start, counts_for_member,
                   created_at, expires_at, expected_end_at, deadline_at)
SELECT r.run_id, r.payer_id, r.user_id, r.workspace_id, r.workflow_id, r.version_id, r.profile, r.api_key_id, r.plan,
       r.payer, r.input, r.decision, r.holder, r.epoch, r.hold_micros, r.rate_counter, r.period_start,
       r.counts_for_member, c.claimed_at, c.claimed_at + r.lease_ms * interval '1 millisecond',
       c.claimed_at + r.expected_ms * interval '1 millisecond', c.claimed_at + r.deadline_ms * interval '1 millisecond'
  FROM json_to_recordset($1::text::json) AS w(age float8, "row" json)
 CROSS JOIN json_to_record(w."row") AS r(run_id text, payer_id text, user_id text, workspace_id text, workflow_id text,
       version_id text, profile text, api_key_id text, plan text, payer text, input text, decision text, holder text,
       epoch bigint, hold_micros bigint, rate_counter text, period_start timestamptz, counts_for_member boolean,
       lease_ms float8, expected_ms float8, deadline_ms float8)
 CROSS JOIN LATERAL (SELECT clock_timestamp() - w.age * interval '1 millisecond' AS claimed_at) c
 WHERE NOT EXISTS (SELECT FROM runs WHERE runs.id = r.run_id)
ON CONFLICT (run_id) DO NOTHING
RETURNING run_id`;

/**
 * Writes down what runs in progress hold by now: top-ups are taken in Redis only, and people look at the rows. Rows that
 * say so already are not touched.
 */
export async function recordHolds(
  sql: postgres.Sql,
  holds: readonly { readonly runId: string; readonly holdMicros: number }[],
): Promise<void> {
  if (holds.length === 0) return;
  await sql`
    UPDATE slots s SET hold_micros = h."holdMicros"
      FROM json_to_recordset(${JSON.stringify(holds)}::text::json) AS h("runId" text, "holdMicros" bigint)
     WHERE s.run_id = h."runId" AND s.hold_micros <> h."holdMicros"`;
}
