import type { Database } from "@gantry/db";

/** A run that has ended, and what the ledger holds for it. */
export interface ChargedRun {
  readonly runId: string;
  readonly workflowId: string;
  readonly status: string;
  readonly costMicros: number;
  /** Entries for the run itself, and for its model calls. */
  readonly baseEntries: number;
  readonly callEntries: number;
  readonly ledgerMicros: number;
}

export async function readCharges({ sql }: Database, workspaceId: string): Promise<readonly ChargedRun[]> {
  return await sql<ChargedRun[]>`
    SELECT r.id AS "runId", r.workflow_id AS "workflowId", r.status, r.cost_micros::float8 AS "costMicros",
           count(*) FILTER (WHERE l.kind = 'base')::int AS "baseEntries",
           count(*) FILTER (WHERE l.kind = 'model')::int AS "callEntries",
           coalesce(sum(l.amount_micros), 0)::float8 AS "ledgerMicros"
      FROM runs r LEFT JOIN ledger_entries l ON l.run_id = r.id
     WHERE r.workspace_id = ${workspaceId} AND r.status <> 'refused'
     GROUP BY r.id`;
}

export interface ChargeFaults {
  /** Charged more often than once, for a run or for a call, or charged although it was lost. */
  readonly doubled: number;
  /** Completed without being charged once for the run and once for each call. */
  readonly missing: number;
  /** The run says another cost than the ledger. */
  readonly differing: number;
}

/** A completed run is charged once for itself and once for each call; a lost one for its calls at most. */
export function chargeFaultsOf(
  runs: readonly ChargedRun[],
  callsOf: (workflowId: string) => number,
): ChargeFaults {
  const faults = { doubled: 0, missing: 0, differing: 0 };
  for (const { workflowId, status, costMicros, baseEntries, callEntries, ledgerMicros } of runs) {
    const calls = callsOf(workflowId);
    const baseMax = status === "lost" ? 0 : 1;
    if (baseEntries > baseMax || callEntries > calls) faults.doubled += 1;
    if (status === "completed" && (baseEntries < 1 || callEntries < calls)) faults.missing += 1;
    if (costMicros !== ledgerMicros) faults.differing += 1;
  }
  return faults;
}
