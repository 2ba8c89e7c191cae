import {
  type BillingConfig,
  type Bucket,
  type Limits,
  limitsOf,
  memberCapOf,
  type PlanName,
  type Standing,
  standingOf,
  subscriptionsOfPayer,
  usageOfPayer,
} from "@gantry/billing";
import type postgres from "postgres";
import { howMany, least } from "../admission/could-start.ts";
import type { ClaimStore, PayerInUse } from "../claim/port.ts";
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
  /** What each limit comes from; null where nobody pays. */
  readonly sources: Limits["sources"] | null;
  readonly seats: Limits["seats"];
  /** The limits leave room for at least so many more runs now, whatever their model calls hold. Null: for any number. */
  readonly couldStart: number | null;
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
  deps: {
    readonly sql: postgres.Sql;
    readonly claims: Pick<ClaimStore, "inUse">;
    readonly billing: BillingConfig;
  },
  principal: Principal,
  workspaceId: string,
): Promise<UsageView | null> {
  if (principal.workspaceId !== null && principal.workspaceId !== workspaceId) return null;
  const rows = await deps.sql.unsafe<UsageRow[]>(usageSql, [workspaceId, principal.userId], {
    prepare: true,
  });
  const row = rows[0];
  if (row === undefined) return null;
  const standing = standingIn(row, deps.billing);
  if (standing === null) return unpaid(deps.billing);
  const { payerId, limits } = standing;
  return viewOf(
    standing,
    await deps.claims.inUse(
      { payerId, userId: principal.userId },
      { sync: limits.sync, async: limits.async },
    ),
    deps.billing,
  );
}

const usageSql = /* sql */ `
SELECT extract(epoch FROM now())::float8 * 1000 AS now_ms, coalesce(o.name, u.name) AS payer_name, py.id AS payer_id,
       py.user_id AS payer_user_id, py.organization_id AS payer_organization_id, py.usage_limit_micros,
       py.sync_runs_per_minute, py.async_runs_per_minute, py.concurrent_runs_max,
       ${subscriptionsOfPayer} AS subscriptions, ${usageOfPayer} AS usage, ${memberCapOf("$2")} AS member_cap
  FROM workspaces ws
  JOIN workspace_permissions p ON p.workspace_id = ws.id AND p.user_id = $2
  LEFT JOIN payers py ON py.id = ws.payer_id
  LEFT JOIN users u ON u.id = py.user_id
  LEFT JOIN organizations o ON o.id = py.organization_id
 WHERE ws.id = $1`;

interface UsageRow {
  now_ms: number;
  payer_name: string | null;
  payer_id: string | null;
  payer_user_id: string | null;
  payer_organization_id: string | null;
  usage_limit_micros: string | null;
  sync_runs_per_minute: number | null;
  async_runs_per_minute: number | null;
  concurrent_runs_max: number | null;
  subscriptions: string;
  usage: string;
  member_cap: string | null;
}

interface PayerStanding {
  readonly payerId: string;
  readonly payer: { readonly kind: "user" | "organization"; readonly name: string };
  readonly standing: Standing;
  readonly limits: Limits;
}

/** Null: nobody pays for the workspace. */
function standingIn(row: UsageRow, billing: BillingConfig): PayerStanding | null {
  const ownerId = row.payer_user_id ?? row.payer_organization_id;
  if (row.payer_id === null || row.payer_name === null || ownerId === null) return null;
  const kind = row.payer_organization_id === null ? "user" : "organization";
  const { subscriptions, usage } = row;
  const memberCap = kind === "organization" ? row.member_cap : null;
  const standing = standingOf({ ownerId, subscriptions, usage, memberCap }, row.now_ms);
  const limits = limitsOf(billing, standing.subscription, {
    usageLimitMicros: row.usage_limit_micros === null ? null : Number(row.usage_limit_micros),
    syncRunsPerMinute: row.sync_runs_per_minute,
    asyncRunsPerMinute: row.async_runs_per_minute,
    concurrentRunsMax: row.concurrent_runs_max,
  });
  return { payerId: row.payer_id, payer: { kind, name: row.payer_name }, standing, limits };
}

function viewOf(
  { payer, standing, limits }: PayerStanding,
  inUse: PayerInUse,
  billing: BillingConfig,
): UsageView {
  const { settledMicros, memberCap } = standing;
  const { heldMicros } = inUse;
  const { usageLimitMicros: limitMicros, sources, seats } = limits;
  const member =
    memberCap === null || !billing.enabled ? null : { ...memberCap, heldMicros: inUse.memberHeldMicros };
  const concurrency = { inUse: inUse.slots, limit: limits.concurrentRunsMax };
  const rate =
    limits.sync === null || limits.async === null
      ? null
      : {
          sync: rateView(limits.sync, inUse.tokens.sync),
          async: rateView(limits.async, inUse.tokens.async),
        };
  return {
    billingEnabled: billing.enabled,
    payer,
    plan: limits.plan,
    period: { startAt: standing.period.startAt, endAt: standing.period.endAt },
    settledMicros,
    heldMicros,
    limitMicros,
    sources,
    seats,
    couldStart: least([
      howMany(
        [
          limitMicros === null ? null : limitMicros - settledMicros - heldMicros,
          member === null ? null : member.limitMicros - member.settledMicros - member.heldMicros,
        ],
        // No run holds more when it starts.
        billing.baseChargeMicros + billing.holdSliceMicros,
      ),
      concurrency.limit === null ? null : Math.max(0, concurrency.limit - concurrency.inUse),
      rate === null ? null : rate.sync.remaining,
    ]),
    member,
    concurrency,
    rate,
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
    sources: null,
    seats: null,
    couldStart: 0,
    member: null,
    concurrency: { inUse: 0, limit: null },
    rate: null,
  };
}

function rateView(bucket: Bucket, tokens: number | null): RateView {
  return { ...bucket, remaining: Math.floor(tokens ?? bucket.capacity) };
}
