import type postgres from "postgres";
import type { PlanName } from "./plans.ts";

/** What an operator wants to hold for one payer from now on. */
export interface PlanChange {
  /** A user's email, or an organization's slug. */
  readonly owner: { readonly email: string } | { readonly slug: string };
  readonly plan: PlanName;
  readonly seats: number;
  /** Null: no override, the plan's own limit holds. */
  readonly usageLimitMicros: number | null;
}

export interface PayerPlan {
  /** Its own that count, the one that decides first; not those of organizations it belongs to. Empty: free. */
  readonly subscriptions: readonly OwnSubscription[];
  readonly usageLimitMicros: number | null;
}

export interface OwnSubscription {
  readonly plan: Exclude<PlanName, "free">;
  readonly seats: number;
  /** ISO 8601. */
  readonly periodStart: string;
  readonly periodEnd: string;
}

export type PlanChanged =
  | { readonly ok: true; readonly before: PayerPlan; readonly after: PayerPlan }
  /** Nobody has that email or slug; nothing was changed. */
  | { readonly ok: false; readonly problem: "no-such-owner" };

/**
 * Sets a payer's own subscription and its usage limit, in one transaction; makes the payer when there is none. What
 * counted before is removed, so that one subscription is active, or none (free). Its first period starts now, on the
 * clock of the database, and lasts a month: nothing is used of it yet. Two changes at once happen one after the other.
 * Throws what the driver throws.
 */
export async function setPlan(
  sql: postgres.Sql,
  change: PlanChange,
  newId: () => string,
): Promise<PlanChanged> {
  return sql.begin(async (tx): Promise<PlanChanged> => {
    const owner = await findOwner(tx, change.owner);
    if (owner === null) return { ok: false, problem: "no-such-owner" };
    const payerId = await lockPayer(tx, owner, newId());
    const before = await readPlan(tx, payerId);

    await tx`UPDATE payers SET usage_limit_micros = ${change.usageLimitMicros} WHERE id = ${payerId}`;
    await tx`DELETE FROM subscriptions WHERE owner_id = ${owner.id} AND status IN ('active', 'past_due')`;
    if (change.plan !== "free") {
      // Whole milliseconds, as periods have them.
      await tx`
        INSERT INTO subscriptions (id, user_id, organization_id, plan, status, seats, period_start, period_end)
        SELECT ${newId()}, ${owner.userId}, ${owner.organizationId}, ${change.plan}, 'active', ${change.seats},
               n.start, n.start + interval '1 month'
          FROM (SELECT date_trunc('milliseconds', clock_timestamp()) AS start) n`;
    }
    return { ok: true, before, after: await readPlan(tx, payerId) };
  });
}

interface Owner {
  readonly id: string;
  readonly userId: string | null;
  readonly organizationId: string | null;
}

async function findOwner(tx: postgres.TransactionSql, owner: PlanChange["owner"]): Promise<Owner | null> {
  const [row] =
    "email" in owner
      ? await tx<{ id: string }[]>`SELECT id FROM users WHERE email = ${owner.email}`
      : await tx<{ id: string }[]>`SELECT id FROM organizations WHERE slug = ${owner.slug}`;
  if (row === undefined) return null;
  return "email" in owner
    ? { id: row.id, userId: row.id, organizationId: null }
    : { id: row.id, userId: null, organizationId: row.id };
}

/** Makes the payer unless it exists; then no other change of this payer passes until ours is committed. */
async function lockPayer(tx: postgres.TransactionSql, owner: Owner, newId: string): Promise<string> {
  await tx`INSERT INTO payers (id, user_id, organization_id)
           VALUES (${newId}, ${owner.userId}, ${owner.organizationId}) ON CONFLICT DO NOTHING`;
  const [payer] = await tx<{ id: string }[]>`
    SELECT id FROM payers WHERE user_id = ${owner.userId} OR organization_id = ${owner.organizationId} FOR UPDATE`;
  if (payer === undefined) throw new Error("The owner was deleted while its plan was being set.");
  return payer.id;
}

async function readPlan(tx: postgres.TransactionSql, payerId: string): Promise<PayerPlan> {
  const [payer] = await tx<{ usage_limit_micros: string | null }[]>`
    SELECT usage_limit_micros FROM payers WHERE id = ${payerId}`;
  if (payer === undefined) throw new Error("The payer is locked by this transaction.");
  const rows = await tx<{ plan: OwnSubscription["plan"]; seats: number; start: string; end: string }[]>`
    SELECT s.plan, s.seats, s.period_start AS start, s.period_end AS end
      FROM subscriptions s JOIN payers py ON s.owner_id = coalesce(py.user_id, py.organization_id)
     WHERE py.id = ${payerId} AND s.status IN ('active', 'past_due')
     ORDER BY array_position(ARRAY['enterprise', 'team', 'pro'], s.plan), s.created_at, s.id`;
  return {
    usageLimitMicros: payer.usage_limit_micros === null ? null : Number(payer.usage_limit_micros),
    subscriptions: rows.map(({ plan, seats, start, end }) => ({
      plan,
      seats,
      periodStart: new Date(start).toISOString(),
      periodEnd: new Date(end).toISOString(),
    })),
  };
}
