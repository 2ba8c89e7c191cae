import type postgres from "postgres";
import type { PayerOwner } from "../lock-payer.ts";
import type { CustomerState } from "./customer-state.ts";
import type { StripeSubscription } from "./stripe-subscription.ts";

/**
 * Makes a locked payer's rows of Stripe what Stripe says. What an operator set is left alone. Always changes the payer's
 * row: that is how others see that they were overtaken.
 */
export async function writeCustomerState(
  tx: postgres.TransactionSql,
  payerId: string,
  owner: PayerOwner,
  { subscriptions, isDisputed }: CustomerState,
  newId: () => string,
): Promise<void> {
  const ids = subscriptions.map(({ id }) => id);
  await tx`
    DELETE FROM subscriptions
     WHERE owner_id = ${owner.id} AND stripe_subscription_id IS NOT NULL
       AND NOT stripe_subscription_id = ANY (${ids}::text[])`;
  for (const subscription of subscriptions) await upsert(tx, owner, subscription, newId());
  // A dispute outweighs a payment that failed, and stays until disputes are looked at again.
  const owes = subscriptions.some(({ status }) => status === "unpaid");
  await tx`
    UPDATE payers
       SET blocked_reason = CASE WHEN coalesce(${isDisputed}::boolean, blocked_reason = 'dispute', false) THEN 'dispute'
                                 WHEN ${owes}::boolean THEN 'payment_failed' END
     WHERE id = ${payerId}`;
}

async function upsert(
  tx: postgres.TransactionSql,
  owner: PayerOwner,
  subscription: StripeSubscription,
  newId: string,
): Promise<void> {
  const { id, plan, status, seats, periodStartAt, periodEndAt, cancelsAtPeriodEnd, createdAt } = subscription;
  await tx`
    INSERT INTO subscriptions (id, user_id, organization_id, plan, status, seats, period_start, period_end,
                               stripe_subscription_id, cancels_at_period_end, created_at)
    VALUES (${newId}, ${owner.kind === "user" ? owner.id : null}, ${owner.kind === "organization" ? owner.id : null},
            ${plan}, ${status}, ${seats}, ${new Date(periodStartAt)}, ${new Date(periodEndAt)},
            ${id}, ${cancelsAtPeriodEnd}, ${new Date(createdAt)})
    ON CONFLICT (stripe_subscription_id) DO UPDATE
       SET plan = excluded.plan, status = excluded.status, seats = excluded.seats,
           period_start = excluded.period_start, period_end = excluded.period_end,
           cancels_at_period_end = excluded.cancels_at_period_end`;
}
