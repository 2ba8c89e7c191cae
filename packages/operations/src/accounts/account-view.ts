import {
  type BillingConfig,
  type Limits,
  limitsOf,
  type PayerOverrides,
  type PlanName,
  standingOf,
  subscriptionsOfPayer,
  usageOfPayer,
} from "@gantry/billing";
import type postgres from "postgres";
import type { Account } from "../deps.ts";

/** An account as admins see it. Money in micro-dollars, instants in Unix milliseconds. */
export interface AccountView extends Account {
  readonly name: string;
  /** A user's email, an organization's slug. */
  readonly handle: string;
  /** Of the installation; null for an organization. */
  readonly role: "admin" | "user" | null;
  readonly createdAt: number;
  /** The ban that counts now and ends last. */
  readonly ban: { readonly reason: string; readonly endsAt: number | null } | null;
  readonly plan: PlanName;
  /** The subscription that decides the plan; null: none, so free. */
  readonly subscription: { readonly seats: number; readonly source: "own" | "organization" } | null;
  readonly period: { readonly startAt: number; readonly endAt: number };
  readonly settledMicros: number;
  /** By runs in progress, of which there are `slotsInUse`. */
  readonly heldMicros: number;
  readonly slotsInUse: number;
  readonly blockedReason: "payment_failed" | "dispute" | null;
  /** What holds now, and why. */
  readonly limits: Pick<Limits, "usageLimitMicros" | "sync" | "async" | "concurrentRunsMax" | "sources">;
  readonly overrides: PayerOverrides;
  readonly shadowLimits: ShadowLimits;
}

/** Limits that are evaluated and recorded, and refuse nobody. Null: none. */
export interface ShadowLimits {
  readonly usageLimitMicros: number | null;
  readonly runsPerMinute: number | null;
  readonly concurrentRunsMax: number | null;
}

/** Which accounts. */
interface Chosen {
  /** The rest of a statement that selects from `accounts`, with $1 and so on for the parameters. */
  readonly where: string;
  readonly parameters: readonly (string | number | null | readonly string[])[];
}

/** The accounts that were chosen, newest first; one statement. */
export async function readAccounts(
  tx: postgres.TransactionSql,
  billing: BillingConfig,
  { where, parameters }: Chosen,
): Promise<readonly AccountView[]> {
  const rows = await tx.unsafe<AccountRow[]>(accountsWhere(where), [...parameters], { prepare: true });
  return rows.map((row) => viewOf(row, billing));
}

/** Chosen first, so that what is looked up beside is looked up for these alone. */
const accountsWhere = (where: string) => /* sql */ `
SELECT extract(epoch FROM now())::float8 * 1000 AS now_ms, a.kind, a.id, a.name, a.handle, a.role,
       extract(epoch FROM a.created_at)::float8 * 1000 AS created_at,
       ban.reason AS ban_reason, extract(epoch FROM ban.ends_at)::float8 * 1000 AS ban_ends_at,
       ${subscriptionsOfPayer} AS subscriptions, ${usageOfPayer} AS usage,
       coalesce(held.micros, 0)::text AS held_micros, coalesce(held.slots, 0) AS slots, py.blocked_reason,
       py.usage_limit_micros, py.sync_runs_per_minute, py.async_runs_per_minute, py.concurrent_runs_max,
       py.shadow_usage_limit_micros, py.shadow_runs_per_minute, py.shadow_concurrent_runs_max
  FROM (
    SELECT * FROM (
      SELECT 'user' AS kind, id, name, email AS handle, role, created_at FROM users
      UNION ALL
      SELECT 'organization', id, name, slug, NULL, created_at FROM organizations
    ) accounts ${where}
  ) a
  LEFT JOIN LATERAL (
    SELECT * FROM payers WHERE a.kind = 'user' AND user_id = a.id
    UNION ALL
    SELECT * FROM payers WHERE a.kind = 'organization' AND organization_id = a.id
  ) py ON true
  LEFT JOIN LATERAL (
    SELECT b.reason, b.ends_at FROM bans b
     WHERE b.subject_id = a.id AND (b.ends_at IS NULL OR b.ends_at > now())
     ORDER BY b.ends_at DESC NULLS FIRST LIMIT 1
  ) ban ON true
  LEFT JOIN LATERAL (
    SELECT sum(s.hold_micros) AS micros, count(*)::int AS slots FROM slots s WHERE s.payer_id = py.id
  ) held ON true
 ORDER BY a.id DESC`;

interface AccountRow {
  now_ms: number;
  kind: Account["kind"];
  id: string;
  name: string;
  handle: string;
  role: AccountView["role"];
  created_at: number;
  ban_reason: string | null;
  ban_ends_at: number | null;
  subscriptions: string;
  usage: string;
  held_micros: string;
  slots: number;
  blocked_reason: AccountView["blockedReason"];
  usage_limit_micros: string | null;
  sync_runs_per_minute: number | null;
  async_runs_per_minute: number | null;
  concurrent_runs_max: number | null;
  shadow_usage_limit_micros: string | null;
  shadow_runs_per_minute: number | null;
  shadow_concurrent_runs_max: number | null;
}

function viewOf(row: AccountRow, billing: BillingConfig): AccountView {
  const { kind, id, name, handle, role, subscriptions, usage } = row;
  const standing = standingOf({ ownerId: id, subscriptions, usage, memberCap: null }, row.now_ms);
  const { subscription, period, settledMicros } = standing;
  const overrides = {
    usageLimitMicros: numberOf(row.usage_limit_micros),
    syncRunsPerMinute: row.sync_runs_per_minute,
    asyncRunsPerMinute: row.async_runs_per_minute,
    concurrentRunsMax: row.concurrent_runs_max,
  };
  const { plan, usageLimitMicros, sync, async, concurrentRunsMax, sources } = limitsOf(
    billing,
    subscription,
    overrides,
  );
  return {
    kind,
    id,
    name,
    handle,
    role,
    createdAt: row.created_at,
    ban: row.ban_reason === null ? null : { reason: row.ban_reason, endsAt: row.ban_ends_at },
    plan,
    subscription: subscription === null ? null : { seats: subscription.seats, source: subscription.source },
    period: { startAt: period.startAt, endAt: period.endAt },
    settledMicros,
    heldMicros: Number(row.held_micros),
    slotsInUse: row.slots,
    blockedReason: row.blocked_reason,
    limits: { usageLimitMicros, sync, async, concurrentRunsMax, sources },
    overrides,
    shadowLimits: {
      usageLimitMicros: numberOf(row.shadow_usage_limit_micros),
      runsPerMinute: row.shadow_runs_per_minute,
      concurrentRunsMax: row.shadow_concurrent_runs_max,
    },
  };
}

/** 64-bit numbers arrive as text. */
function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}
