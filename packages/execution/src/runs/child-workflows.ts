import { compileText } from "@gantry/workflow";
import type postgres from "postgres";
import { within } from "../admission/within.ts";
import type { CompiledVersions } from "../caches.ts";
import type { ChildWorkflow } from "../engine/engine.ts";

/** The workflows that agents of a run may call: those of its workspace, and of each the version that is active. */
export interface ChildWorkflows {
  /**
   * The look-up of one run. A workflow that it found once stays the same version until the run ends, whatever is
   * deployed meanwhile.
   */
  of(run: ParentRun): (workflowId: string) => Promise<ChildWorkflow>;
}

export interface ParentRun {
  readonly runId: string;
  readonly workspaceId: string;
}

export interface ChildWorkflowsDeps {
  readonly sql: postgres.Sql;
  readonly versions: CompiledVersions;
  readonly storeTimeoutMs: number;
  /** Told why a look-up was `unavailable`. */
  readonly onError: (error: unknown, runId: string) => void;
}

export function createChildWorkflows(deps: ChildWorkflowsDeps): ChildWorkflows {
  return {
    of(run) {
      const found = new Map<string, ChildWorkflow>();
      return async (workflowId) => {
        const known = found.get(workflowId);
        if (known !== undefined) return known;
        try {
          const looked = await within(deps.storeTimeoutMs, lookUp(deps, run, workflowId), "a child workflow");
          // Of two look-ups at once the first to answer is kept for both.
          const child = found.get(workflowId) ?? looked;
          if (child.kind === "found") found.set(workflowId, child);
          return child;
        } catch (error) {
          deps.onError(error, run.runId);
          return { kind: "unavailable" };
        }
      };
    },
  };
}

async function lookUp(
  { sql, versions }: ChildWorkflowsDeps,
  { workspaceId }: ParentRun,
  workflowId: string,
): Promise<ChildWorkflow> {
  // Held on to: it may leave the cache while the statement, which does not move its text, is under way.
  const held = versions.latestOf(workflowId);
  const row = await readActiveVersion(sql, { workflowId, workspaceId, versionId: held?.versionId ?? null });
  if (row === null) return { kind: "missing" };
  const { name, versionId, definition } = row;
  if (versionId === null) return { kind: "not_deployed", name };
  if (held?.versionId === versionId) return { kind: "found", plan: held.plan, name };
  const compiled = compileText(definition ?? "");
  if (!compiled.ok) throw new Error(`The active version ${versionId} cannot be compiled.`);
  const { plan } = compiled;
  versions.put({ versionId, workflowId, plan, size: definition?.length ?? 0 });
  return { kind: "found", plan, name };
}

interface ActiveVersionRow {
  readonly name: string;
  /** Null: not deployed. */
  readonly versionId: string | null;
  /** Null when it is the version that was named, or there is none. */
  readonly definition: string | null;
}

/** Null: the workspace has no such workflow, or its owner is banned. Throws what the driver throws. */
async function readActiveVersion(
  sql: postgres.Sql,
  asked: { readonly workflowId: string; readonly workspaceId: string; readonly versionId: string | null },
): Promise<ActiveVersionRow | null> {
  const rows = await sql.unsafe<ActiveVersionRow[]>(
    activeVersionSql,
    [asked.workflowId, asked.workspaceId, asked.versionId],
    { prepare: true },
  );
  return rows[0] ?? null;
}

const activeVersionSql = /* sql */ `
SELECT w.name, w.active_version_id AS "versionId",
       CASE WHEN w.active_version_id IS DISTINCT FROM $3 THEN v.definition END AS definition
  FROM workflows w
  LEFT JOIN workflow_versions v ON v.id = w.active_version_id
 WHERE w.id = $1 AND w.workspace_id = $2 AND w.archived_at IS NULL
   AND NOT EXISTS (SELECT FROM bans b WHERE b.subject_id = w.owner_id AND (b.ends_at IS NULL OR b.ends_at > now()))`;
