import {
  type BillingConfig,
  type Bucket,
  limitsOf,
  memberCapOf,
  type PlanName,
  standingOf,
  subscriptionsOfPayer,
  usageOfPayer,
} from "@gantry/billing";
import type postgres from "postgres";
import type { Principal } from "./principal.ts";

export interface RateView {
  readonly remaining: number;
  readonly capacity: number;
  readonly perMinute: number;
}

export interface UsageView {
  readonly billingEnabled: boolean;
  readonly payer: { readonly kind: "user" | "organization"; readonly name: string } | null;
  readonly plan: PlanName | null;
  readonly period: { readonly startAt: number; readonly endAt: number } | null;
  readonly settledMicros: number;
  readonly heldMicros: number;
  readonly limitMicros: number | null;
  /** The principal's own share, where the organization caps it. */
  readonly member: {
    readonly settledMicros: number;
    readonly heldMicros: number;
    readonly limitMicros: number;
  } | null;
  readonly concurrency: { readonly inUse: number; readonly limit: number | null };
  readonly rate: { readonly sync: RateView; readonly async: RateView } | null;
}

/** What a workspace's payer has used and may use. Null when the workspace is not the principal's to see. */
export async function readUsage(
  sql: postgres.Sql,
  billing: BillingConfig,
  principal: Principal,
  workspaceId: string,
): Promise<UsageView | null> {
  if (principal.workspaceId !== null && principal.workspaceId !== workspaceId) return null;
  const rows = await sql.unsafe<UsageRow[]>(usageSql, [workspaceId, principal.userId], { prepare: true });
  const row = rows[0];
  return row === undefined ? null : viewOf(row, billing);
}

const usageSql = /* sql */ `
SELECT extract(epoch FROM now())::float8 * 1000 AS now_ms, coalesce(o.name, u.name) AS payer_name,
       py.user_id AS payer_user_id, py.organization_id AS payer_organization_id, py.usage_limit_micros,
       py.sync_runs_per_minute, py.async_runs_per_minute, py.concurrent_runs_max,
       ${subscriptionsOfPayer} AS subscriptions, ${usageOfPayer} AS usage, ${memberCapOf("$2")} AS member_cap,
       held.micros AS held_micros, held.member_micros AS member_held_micros, held.runs AS in_use,
       extract(epoch FROM clock_timestamp() - rs.refilled_at)::float8 AS sync_age_s, rs.tokens AS sync_tokens,
       extract(epoch FROM clock_timestamp() - ra.refilled_at)::float8 AS async_age_s, ra.tokens AS async_tokens
  FROM workspaces ws
  JOIN workspace_permissions p ON p.workspace_id = ws.id AND p.user_id = $2
  LEFT JOIN payers py ON py.id = ws.payer_id
  LEFT JOIN users u ON u.id = py.user_id
  LEFT JOIN organizations o ON o.id = py.organization_id
  LEFT JOIN rate_buckets rs ON rs.payer_id = py.id AND rs.counter = 'sync'
  LEFT JOIN rate_buckets ra ON ra.payer_id = py.id AND ra.counter = 'async'
  LEFT JOIN LATERAL (
    SELECT coalesce(sum(s.hold_micros), 0) AS micros,
           coalesce(sum(s.hold_micros) FILTER (WHERE s.user_id = $2), 0) AS member_micros,
           count(*)::int AS runs
      FROM slots s WHERE s.payer_id = py.id
  ) held ON true
 WHERE ws.id = $1`;

interface UsageRow {
  now_ms: number;
  payer_name: string | null;
  payer_user_id: string | null;
  payer_organization_id: string | null;
  usage_limit_micros: string | null;
  sync_runs_per_minute: number | null;
  async_runs_per_minute: number | null;
  concurrent_runs_max: number | null;
  subscriptions: string;
  usage: string;
  member_cap: string | null;
  held_micros: string;
  member_held_micros: string;
  in_use: number;
  sync_age_s: number | null;
  sync_tokens: number | null;
  async_age_s: number | null;
  async_tokens: number | null;
}

function viewOf(row: UsageRow, billing: BillingConfig): UsageView {
  const ownerId = row.payer_user_id ?? row.payer_organization_id;
  if (row.payer_name === null || ownerId === null) return unpaid(billing);
  const isOrganization = row.payer_organization_id !== null;
  const { subscriptions, usage } = row;
  const memberCap = isOrganization ? row.member_cap : null;
  const standing = standingOf({ ownerId, subscriptions, usage, memberCap }, row.now_ms);
  const limits = limitsOf(billing, standing.subscription, {
    usageLimitMicros: row.usage_limit_micros === null ? null : Number(row.usage_limit_micros),
    syncRunsPerMinute: row.sync_runs_per_minute,
    asyncRunsPerMinute: row.async_runs_per_minute,
    concurrentRunsMax: row.concurrent_runs_max,
  });
  return {
    billingEnabled: billing.enabled,
    payer: { kind: isOrganization ? "organization" : "user", name: row.payer_name },
    plan: limits.plan,
    period: { startAt: standing.period.startAt, endAt: standing.period.endAt },
    settledMicros: standing.settledMicros,
    heldMicros: Number(row.held_micros),
    limitMicros: limits.usageLimitMicros,
    member:
      standing.memberCap === null || !billing.enabled
        ? null
        : { ...standing.memberCap, heldMicros: Number(row.member_held_micros) },
    concurrency: { inUse: row.in_use, limit: limits.concurrentRunsMax },
    rate:
      limits.sync === null || limits.async === null
        ? null
        : {
            sync: rateView(limits.sync, row.sync_tokens, row.sync_age_s),
            async: rateView(limits.async, row.async_tokens, row.async_age_s),
          },
  };
}

/** A workspace that nobody pays for. */
function unpaid(billing: BillingConfig): UsageView {
  return {
    billingEnabled: billing.enabled,
    payer: null,
    plan: null,
    period: null,
    settledMicros: 0,
    heldMicros: 0,
    limitMicros: null,
    member: null,
    concurrency: { inUse: 0, limit: null },
    rate: null,
  };
}

/** A bucket that was never used is full. */
function rateView(bucket: Bucket, tokens: number | null, ageS: number | null): RateView {
  const refilled =
    tokens === null ? bucket.capacity : tokens + (Math.max(0, ageS ?? 0) * bucket.perMinute) / 60;
  return { ...bucket, remaining: Math.floor(Math.min(bucket.capacity, refilled)) };
}
