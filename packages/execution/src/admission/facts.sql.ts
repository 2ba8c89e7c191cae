import { payerStanding } from "@gantry/billing";

/**
 * Everything that preflight judges by, in one statement and so in one snapshot. Always exactly one row: what does not
 * exist is null in it.
 *
 * $1 the credential (an API key's SHA-256 or a session's token), $2 workflow, $3 `draft` or `active`, $4 the version
 * that this process has compiled (its definition is then not moved; 85 KB of it would cost more than all the rest).
 *
 * Most of its time is the executor setting up nodes, not reading rows, so it has as few of them as it can: a statement
 * for each kind of credential, one scan for each table, lists as plain text. Instants leave as text, so that the
 * period goes back to the claim exactly as it came.
 */
const factsFor = (principal: string) =>
  /* sql */ `
SELECT a.user_id AS actor_id, a.api_key_id,
  w.id AS workflow_id, w.workspace_id, w.owner_id, w.draft_revision, p.level,
  v.id AS version_id, v.number AS version_number,
  CASE WHEN $3 = 'draft' THEN w.draft WHEN v.id IS DISTINCT FROM $4 THEN v.definition END AS definition,
  (SELECT string_agg(b.subject_id || ' ' || coalesce(extract(epoch FROM b.ends_at) * 1000, 0), ',') FROM bans b
    WHERE b.subject_id = ANY (ARRAY[a.user_id, w.owner_id, py.user_id, py.organization_id])
      AND (b.ends_at IS NULL OR b.ends_at > now())) AS bans,
  py.id AS payer_id, py.user_id AS payer_user_id, py.organization_id AS payer_organization_id,
  py.blocked_reason, py.usage_limit_micros, py.sync_runs_per_minute, py.async_runs_per_minute, py.concurrent_runs_max,
  sub.plan, sub.seats, sub.own AS subscription_is_own,
  per.start_at::text AS period_start, per.end_at::text AS period_end,
  uc.settled_micros, ml.usage_limit_micros AS member_limit_micros, mu.settled_micros AS member_settled_micros,
  (SELECT string_agg(e.owner_id || ' ' || e.name || ' ' || e.sealed, ',') FROM environment_values e
    WHERE e.owner_id = ANY (ARRAY[p.workspace_id, p.user_id])) AS environment,
  (SELECT string_agg(k.id || ' ' || k.provider || ' ' || k.sealed, ',') FROM provider_keys k
    WHERE k.workspace_id = p.workspace_id AND k.revoked_at IS NULL) AS provider_keys
FROM (SELECT 1) one
LEFT JOIN LATERAL (${principal}) a ON true
LEFT JOIN workflows w ON w.id = $2 AND w.archived_at IS NULL
LEFT JOIN workspaces ws ON ws.id = w.workspace_id
LEFT JOIN workspace_permissions p ON p.user_id = a.user_id AND p.workspace_id = w.workspace_id
  AND (a.only_workspace IS NULL OR a.only_workspace = w.workspace_id)
LEFT JOIN workflow_versions v ON v.id = w.active_version_id
LEFT JOIN payers py ON py.id = ws.payer_id
${payerStanding}
LEFT JOIN usage_counters uc ON uc.payer_id = py.id AND uc.period_start = per.start_at
LEFT JOIN member_limits ml ON ml.payer_id = py.id AND ml.user_id = a.user_id
LEFT JOIN member_usage_counters mu ON mu.payer_id = ml.payer_id AND mu.user_id = ml.user_id
  AND mu.period_start = per.start_at`.replace(/\s+/g, " ");

export const factsByApiKeySql = factsFor(/* sql */ `
  SELECT k.user_id, k.id AS api_key_id, k.workspace_id AS only_workspace FROM api_keys k
   WHERE k.hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())`);

export const factsBySessionSql = factsFor(/* sql */ `
  SELECT s.user_id, NULL AS api_key_id, NULL AS only_workspace FROM sessions s
   WHERE s.token = $1 AND s.expires_at > now()`);
