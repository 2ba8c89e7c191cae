import type postgres from "postgres";
import { lockPayer, type PayerOwner } from "./lock-payer.ts";
import type { PlanName } from "./plans.ts";

/** What an operator wants to hold for one payer from now on. */
export interface PlanChange {
  /** Must exist. */
  readonly owner: PayerOwner;
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
  | { readonly kind: "changed"; readonly before: PayerPlan; readonly after: PayerPlan }
  /** Stripe takes money for what counts now and would go on; it is ended there. Nothing was changed. */
  | { readonly kind: "paid_through_stripe" };

/**
 * Sets a payer's own subscription and its usage limit, within the caller's transaction; makes the payer when there is
 * none. What counted before is removed, so that one subscription is active, or none (free). Its first period starts now,
 * on the clock of the database, and lasts a month: nothing is used of it yet. Two changes at once happen one after the
 * other. Throws what the driver throws.
 */
export async function setPlan(
  tx: postgres.TransactionSql,
  change: PlanChange,
  newId: () => string,
): Promise<PlanChanged> {
  const { owner } = change;
  const payerId = await lockPayer(tx, owner, newId());
  if (await paysThroughStripe(tx, owner)) return { kind: "paid_through_stripe" };
  const before = await readPlan(tx, payerId);

  await tx`UPDATE payers SET usage_limit_micros = ${change.usageLimitMicros} WHERE id = ${payerId}`;
  await tx`DELETE FROM subscriptions WHERE owner_id = ${owner.id} AND status IN ('active', 'past_due')`;
  if (change.plan !== "free") {
    const userId = owner.kind === "user" ? owner.id : null;
    const organizationId = owner.kind === "organization" ? owner.id : null;
    // Whole milliseconds, as periods have them.
    await tx`
      INSERT INTO subscriptions (id, user_id, organization_id, plan, status, seats, period_start, period_end)
      SELECT ${newId()}, ${userId}, ${organizationId}, ${change.plan}, 'active', ${change.seats},
             n.start, n.start + interval '1 month'
        FROM (SELECT date_trunc('milliseconds', clock_timestamp()) AS start) n`;
  }
  return { kind: "changed", before, after: await readPlan(tx, payerId) };
}

async function paysThroughStripe(tx: postgres.TransactionSql, { id }: PayerOwner): Promise<boolean> {
  const found = await tx`
    SELECT 1 FROM subscriptions
     WHERE owner_id = ${id} AND status IN ('active', 'past_due') AND stripe_subscription_id IS NOT NULL`;
  return found.length > 0;
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
