import type { RunStatus } from "@gantry/db";
import type postgres from "postgres";
import type { PermissionLevel } from "../admission/facts.ts";
import type { Principal } from "./principal.ts";

export interface RunAccess {
  readonly level: PermissionLevel;
  readonly status: RunStatus;
}

/** What a principal may do with a run. Null when there is no such run, or it is not the principal's to see. */
export async function readRunAccess(
  sql: postgres.Sql,
  principal: Principal,
  runId: string,
): Promise<RunAccess | null> {
  const rows = await sql<{ level: PermissionLevel; status: RunStatus; workspace_id: string }[]>`
    SELECT p.level, r.status, r.workspace_id FROM run_rows r
      JOIN workspace_permissions p ON p.workspace_id = r.workspace_id AND p.user_id = ${principal.userId}
     WHERE r.id = ${runId}`;
  const row = rows[0];
  if (row === undefined) return null;
  if (principal.workspaceId !== null && principal.workspaceId !== row.workspace_id) return null;
  return { level: row.level, status: row.status };
}
