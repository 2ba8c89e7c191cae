import type postgres from "postgres";
import { mayRun } from "../admission/gates/permission.ts";
import type { ClaimStore } from "../claim/port.ts";
import { readRunAccess } from "./access.ts";
import type { LiveRuns } from "./live-runs.ts";
import type { Principal } from "./principal.ts";

export type CancelOutcome =
  | { readonly kind: "cancelling" }
  | { readonly kind: "already_ended" }
  | { readonly kind: "not_found" }
  | { readonly kind: "forbidden" };

/**
 * Cancels a run wherever it runs: at once in this process, else its holder is asked through the run's lease and learns
 * of it with the next heartbeat.
 */
export async function cancelRun(
  deps: { readonly sql: postgres.Sql; readonly claims: ClaimStore; readonly runs: LiveRuns },
  principal: Principal,
  runId: string,
): Promise<CancelOutcome> {
  const access = await readRunAccess(deps.sql, principal, runId);
  if (access === null) return { kind: "not_found" };
  if (!mayRun[access.level]) return { kind: "forbidden" };
  const here = deps.runs.get(runId);
  if (here !== null) {
    here.cancel("requested");
    return { kind: "cancelling" };
  }
  return (await deps.claims.requestCancel(runId)) ? { kind: "cancelling" } : { kind: "already_ended" };
}
