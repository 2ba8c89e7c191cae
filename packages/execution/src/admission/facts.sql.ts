import { memberCapOf, subscriptionsOfPayer, usageOfPayer } from "@gantry/billing";

/**
 * Everything that preflight judges by, in one statement and so in one snapshot. No row: the credential proves nothing.
 * Otherwise one row, and what does not exist is null in it.
 *
 * $1 the credential (an API key's SHA-256 or a session's token), $2 workflow, $3 `draft` or `active`, $4 the version
 * that this process has compiled (its definition is then not moved; 85 KB of it would cost more than all the rest).
 *
 * Half of its time goes into setting up executor nodes, not into reading rows, so it has few: lists are array
 * subqueries joined to text, and what is to be chosen or computed from them is done by the reader. Server time
 * measured in turns, five environment values: 120 us against 154 with lateral joins and sorting; `select 1` 28.
 */
const factsFor = (principal: {
  from: string;
  userId: string;
  apiKeyId: string;
  /** Whose payer is read. A key's is known even when it asks for a workflow that is not there: its rate is told then, too. */
  workspaceId: string;
  reaches: string;
  isValid: string;
}) =>
  /* sql */ `
SELECT extract(epoch FROM now())::float8 * 1000 AS now_ms, ${principal.userId} AS actor_id,
  ${principal.apiKeyId} AS api_key_id,
  w.id AS workflow_id, w.workspace_id, w.owner_id, w.draft_revision, w.typical_run_ms, p.level,
  w.active_version_id, v.number AS version_number,
  CASE WHEN $3 = 'draft' THEN w.draft WHEN w.active_version_id IS DISTINCT FROM $4 THEN v.definition END AS definition,
  py.id AS payer_id, py.user_id AS payer_user_id, py.organization_id AS payer_organization_id,
  py.blocked_reason, py.usage_limit_micros, py.sync_runs_per_minute, py.async_runs_per_minute, py.concurrent_runs_max,
  py.shadow_usage_limit_micros, py.shadow_runs_per_minute, py.shadow_concurrent_runs_max,
  array_to_string(ARRAY(
    SELECT b.subject_id || '|' || coalesce(b.ends_at::text, '') FROM bans b
     WHERE b.subject_id = ANY (ARRAY[${principal.userId}, w.owner_id, py.user_id, py.organization_id])
       AND (b.ends_at IS NULL OR b.ends_at > now())), ',') AS bans,
  ${subscriptionsOfPayer} AS subscriptions,
  ${usageOfPayer} AS usage,
  ${memberCapOf(principal.userId)} AS member_cap,
  array_to_string(ARRAY(
    SELECT b.counter || '|' || b.tokens || '|' || extract(epoch FROM now() - b.refilled_at) FROM rate_buckets b
     WHERE b.payer_id = py.id), ',') AS buckets,
  array_to_string(ARRAY(
    SELECT e.owner_id || '|' || e.name || '|' || e.sealed FROM environment_values e
     WHERE e.owner_id = ANY (ARRAY[p.workspace_id, p.user_id])), ',') AS environment,
  array_to_string(ARRAY(
    SELECT k.id || '|' || k.provider || '|' || k.sealed || '|' || k.owner_id FROM provider_keys k
     WHERE k.owner_id = ANY (ARRAY[p.workspace_id, py.organization_id]) AND k.revoked_at IS NULL), ',') AS provider_keys
FROM ${principal.from} a
LEFT JOIN workflows w ON w.id = $2 AND w.archived_at IS NULL
LEFT JOIN workspaces ws ON ws.id = ${principal.workspaceId}
LEFT JOIN workspace_permissions p ON p.user_id = ${principal.userId} AND p.workspace_id = w.workspace_id
  AND ${principal.reaches}
LEFT JOIN workflow_versions v ON v.id = w.active_version_id
LEFT JOIN payers py ON py.id = ws.payer_id
WHERE ${principal.isValid}`.replace(/\s+/g, " ");

export const factsByApiKeySql = factsFor({
  from: "api_keys",
  userId: "a.user_id",
  apiKeyId: "a.id",
  workspaceId: "a.workspace_id",
  reaches: "p.workspace_id = a.workspace_id",
  isValid: "a.hash = $1 AND a.revoked_at IS NULL AND (a.expires_at IS NULL OR a.expires_at > now())",
});

export const factsBySessionSql = factsFor({
  from: "sessions",
  userId: "a.user_id",
  apiKeyId: "NULL",
  workspaceId: "w.workspace_id",
  reaches: "true",
  isValid: "a.token = $1 AND a.expires_at > now()",
});
