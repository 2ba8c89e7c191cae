import type postgres from "postgres";

/**
 * Ends runs that nobody runs any more: `lost`. Slot and hold are released; what their model calls were charged stays
 * charged, the base charge is not made. Returns their ids.
 */
export async function endLostRuns(
  sql: postgres.Sql,
  which: { readonly kind: "expired" } | { readonly kind: "these"; readonly runIds: readonly string[] },
): Promise<readonly string[]> {
  const dead =
    which.kind === "these"
      ? sql`run_id = ANY (string_to_array(${which.runIds.join(",")}, ','))`
      : sql`expires_at < clock_timestamp()`;
  const rows = await sql<{ run_id: string }[]>`
    WITH dead AS (
      DELETE FROM slots WHERE ${dead} RETURNING *
    ), lost AS (
      INSERT INTO runs (id, workspace_id, workflow_id, version_id, profile, actor_user_id, api_key_id, payer_id,
                        period_start, plan, payer, status, input, decision, cost_micros, created_at, ended_at)
      SELECT d.run_id, d.workspace_id, d.workflow_id, d.version_id, d.profile, d.user_id, d.api_key_id, d.payer_id,
             d.period_start, d.plan, d.payer, 'lost', d.input, d.decision, d.spent_micros, d.created_at,
             clock_timestamp()
        FROM dead d JOIN workflows w ON w.id = d.workflow_id
      -- One run that has ended already must not keep all the others from being reaped.
      ON CONFLICT (id) DO NOTHING
    )
    SELECT run_id FROM dead`;
  return rows.map((row) => row.run_id);
}
