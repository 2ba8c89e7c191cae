import type { RunStatus } from "@gantry/db";
import type postgres from "postgres";
import type { Principal } from "./principal.ts";

export interface ListRunsRequest {
  readonly workspaceId: string;
  /** Null: of every workflow. */
  readonly workflowId: string | null;
  /** Empty: in every state. */
  readonly status: readonly RunStatus[];
  /** The last page's `nextCursor`; null for the first page. */
  readonly cursor: string | null;
  readonly limit: number;
}

export interface RunSummary {
  readonly id: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly profile: string;
  readonly status: RunStatus;
  readonly refusalCode: string | null;
  readonly versionNumber: number | null;
  readonly costMicros: number;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly durationMs: number | null;
}

export interface RunPage {
  readonly items: readonly RunSummary[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/**
 * Newest first. A run's id grows with its time, so it is the cursor: a page never repeats or skips a run because new
 * ones were started. Null when the workspace is not the principal's to see.
 */
export async function listRuns(
  sql: postgres.Sql,
  principal: Principal,
  request: ListRunsRequest,
): Promise<RunPage | null> {
  if (principal.workspaceId !== null && principal.workspaceId !== request.workspaceId) return null;
  const permitted = await sql`
    SELECT 1 FROM workspace_permissions
     WHERE user_id = ${principal.userId} AND workspace_id = ${request.workspaceId}`;
  if (permitted.length === 0) return null;
  const rows = await sql<SummaryRow[]>`
    SELECT r.id, r.workflow_id, w.name AS workflow_name, r.profile, r.status, r.refusal_code,
           v.number AS version_number, r.cost_micros, extract(epoch FROM r.created_at)::float8 * 1000 AS created_at,
           extract(epoch FROM r.ended_at)::float8 * 1000 AS ended_at
      FROM run_rows r
      JOIN workflows w ON w.id = r.workflow_id
      LEFT JOIN workflow_versions v ON v.id = r.version_id
     WHERE r.workspace_id = ${request.workspaceId}
       ${request.workflowId === null ? sql`` : sql`AND r.workflow_id = ${request.workflowId}`}
       ${request.status.length === 0 ? sql`` : sql`AND r.status IN ${sql([...request.status])}`}
       ${request.cursor === null ? sql`` : sql`AND r.id < ${request.cursor}`}
     ORDER BY r.id DESC LIMIT ${request.limit + 1}`;
  const page = rows.slice(0, request.limit);
  return {
    items: page.map(summaryOf),
    nextCursor: rows.length > request.limit ? (page.at(-1)?.id ?? null) : null,
  };
}

interface SummaryRow {
  id: string;
  workflow_id: string;
  workflow_name: string;
  profile: string;
  status: RunStatus;
  refusal_code: string | null;
  version_number: number | null;
  cost_micros: string;
  created_at: number;
  ended_at: number | null;
}

function summaryOf(row: SummaryRow): RunSummary {
  return {
    id: row.id,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    profile: row.profile,
    status: row.status,
    refusalCode: row.refusal_code,
    versionNumber: row.version_number,
    costMicros: Number(row.cost_micros),
    createdAt: row.created_at,
    endedAt: row.ended_at,
    durationMs:
      row.ended_at === null || row.status === "refused" ? null : Math.max(0, row.ended_at - row.created_at),
  };
}
