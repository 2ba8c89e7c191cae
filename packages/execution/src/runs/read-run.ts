import { type PayerSnapshot, restoreSnapshot } from "@gantry/billing";
import type { RunStatus } from "@gantry/db";
import type { KeySource } from "@gantry/providers";
import type { JsonValue } from "@gantry/workflow";
import type postgres from "postgres";
import type { Decision, PreflightTimings } from "../admission/decision.ts";
import { type Refusal, type RefusalCode, refusalOf } from "../admission/refusal.ts";
import type { BlockError, RunError } from "../engine/events.ts";
import type { Principal } from "./principal.ts";

export interface SpanView {
  readonly blockId: string;
  readonly seq: number;
  readonly name: string;
  readonly type: string;
  readonly status: "completed" | "failed" | "cancelled";
  readonly input: JsonValue;
  readonly output: JsonValue;
  readonly error: BlockError | null;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly costMicros: number;
}

export interface ChargeView {
  readonly kind: "base" | "model";
  readonly provider: string | null;
  readonly model: string | null;
  /** Whose key paid for a model call; only the platform's is charged. Null for the base charge. */
  readonly keySource: KeySource | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly amountMicros: number;
}

export interface RunView {
  readonly id: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly workspaceId: string;
  readonly profile: string;
  readonly status: RunStatus;
  /** Null for a draft, and for a run that was refused before its version was known. */
  readonly version: { readonly id: string; readonly number: number } | null;
  readonly actor: { readonly userId: string; readonly name: string };
  readonly apiKeyHint: string | null;
  readonly plan: string | null;
  /** Who pays, as captured at admission. Null: none was kept (a refused run), or it cannot be read, which is reported. */
  readonly payer: PayerSnapshot | null;
  /** Of whom `payer` names, today. Null once the workspace has another payer, or that account is gone. */
  readonly payerName: string | null;
  readonly refusal: Refusal | null;
  readonly input: JsonValue;
  readonly output: JsonValue;
  readonly error: RunError | null;
  readonly decision: Decision;
  readonly timings: PreflightTimings | null;
  readonly costMicros: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** What was run; null for a draft, which may have changed since. */
  readonly definition: JsonValue;
  readonly spans: readonly SpanView[];
  readonly charges: readonly ChargeView[];
}

export interface ReadRunDeps {
  readonly sql: postgres.Sql;
  /** Told of what is kept with a run and cannot be read. */
  readonly onDamaged: (error: Error, runId: string) => void;
}

/** A run and all that it did, in one statement. Null when there is none, or it is not the principal's to see. */
export async function readRun(
  { sql, onDamaged }: ReadRunDeps,
  principal: Principal,
  runId: string,
): Promise<RunView | null> {
  const rows = await sql.unsafe<RunRow[]>(readRunSql, [runId, principal.userId, principal.workspaceId], {
    prepare: true,
  });
  const row = rows[0];
  return row === undefined ? null : viewOf(row, onDamaged);
}

const readRunSql = /* sql */ `
SELECT r.id, r.workflow_id, w.name AS workflow_name, r.workspace_id, r.profile, r.status, r.version_id,
       v.number AS version_number, v.definition, r.actor_user_id, u.name AS actor_name, k.hint AS api_key_hint, r.plan,
       r.payer, py.id AS payer_id, coalesce(po.name, pu.name) AS payer_name, r.refusal_code, r.input, r.output, r.error, r.decision,
       r.timings, r.cost_micros, ms(r.created_at) AS created_at, ms(r.started_at) AS started_at,
       ms(r.ended_at) AS ended_at,
       (SELECT json_agg(json_build_object('blockId', s.block_id, 'seq', s.seq, 'name', s.name, 'type', s.type,
                 'status', s.status, 'input', s.input::json, 'output', s.output::json, 'error', s.error::json,
                 'startedAt', ms(s.started_at), 'durationMs', s.duration_ms, 'costMicros', s.cost_micros)
               ORDER BY s.seq)::text
          FROM block_spans s WHERE s.run_id = r.id) AS spans,
       (SELECT json_agg(json_build_object('kind', l.kind, 'provider', l.provider, 'model', l.model,
                 'keySource', l.key_source, 'inputTokens', l.input_tokens, 'outputTokens', l.output_tokens,
                 'amountMicros', l.amount_micros) ORDER BY l.kind, l.event_key)::text
          FROM ledger_entries l WHERE l.run_id = r.id) AS charges
  FROM run_rows r
  JOIN workflows w ON w.id = r.workflow_id
  JOIN workspace_permissions p ON p.workspace_id = r.workspace_id AND p.user_id = $2
  JOIN workspaces ws ON ws.id = r.workspace_id
  LEFT JOIN payers py ON py.id = ws.payer_id
  LEFT JOIN users pu ON pu.id = py.user_id
  LEFT JOIN organizations po ON po.id = py.organization_id
  LEFT JOIN users u ON u.id = r.actor_user_id
  LEFT JOIN api_keys k ON k.id = r.api_key_id
  LEFT JOIN workflow_versions v ON v.id = r.version_id
 WHERE r.id = $1 AND ($3::text IS NULL OR r.workspace_id = $3)`.replaceAll(
  /\bms\(([a-z._]+)\)/g,
  "extract(epoch FROM $1)::float8 * 1000",
);

interface RunRow {
  id: string;
  workflow_id: string;
  workflow_name: string;
  workspace_id: string;
  profile: string;
  status: RunStatus;
  version_id: string | null;
  version_number: number | null;
  definition: string | null;
  actor_user_id: string;
  actor_name: string | null;
  api_key_hint: string | null;
  plan: string | null;
  payer: string | null;
  payer_id: string | null;
  payer_name: string | null;
  refusal_code: RefusalCode | null;
  input: string | null;
  output: string | null;
  error: string | null;
  decision: string;
  timings: string | null;
  cost_micros: string;
  created_at: number;
  started_at: number | null;
  ended_at: number | null;
  spans: string | null;
  charges: string | null;
}

function viewOf(row: RunRow, onDamaged: ReadRunDeps["onDamaged"]): RunView {
  const decision = stored<Decision>(row.decision, []);
  const payer = payerIn(row, onDamaged);
  return {
    id: row.id,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    workspaceId: row.workspace_id,
    profile: row.profile,
    status: row.status,
    version:
      row.version_id === null || row.version_number === null
        ? null
        : { id: row.version_id, number: row.version_number },
    actor: { userId: row.actor_user_id, name: row.actor_name ?? "Deleted user" },
    apiKeyHint: row.api_key_hint,
    plan: row.plan,
    payer,
    payerName: payer !== null && payer.payerId === row.payer_id ? row.payer_name : null,
    refusal: row.refusal_code === null ? null : refusalOf(row.refusal_code, decision),
    input: stored<JsonValue>(row.input, null),
    output: stored<JsonValue>(row.output, null),
    error: stored<RunError | null>(row.error, null),
    decision,
    timings: stored<PreflightTimings | null>(row.timings, null),
    costMicros: Number(row.cost_micros),
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    definition: stored<JsonValue>(row.definition, null),
    spans: stored<readonly SpanView[]>(row.spans, []),
    charges: stored<readonly ChargeView[]>(row.charges, []),
  };
}

/** A page without its payer is better than none: nothing is charged by what is shown. */
function payerIn({ id, payer }: RunRow, onDamaged: ReadRunDeps["onDamaged"]): PayerSnapshot | null {
  if (payer === null) return null;
  const restored = restoreSnapshot(payer);
  if (restored.ok) return restored.snapshot;
  onDamaged(new Error(`The payer kept with the run cannot be read: ${restored.problems.join("; ")}.`), id);
  return null;
}

/** What this service wrote itself. Text that is not JSON after all is shown as missing, not as a failure of the page. */
function stored<T>(text: string | null, missing: T): T {
  if (text === null) return missing;
  try {
    const value: T = JSON.parse(text);
    return value;
  } catch {
    return missing;
  }
}
