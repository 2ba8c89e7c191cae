import type postgres from "postgres";

/** Whether Stripe would go on taking money from this user or organization: what it has there has not ended, nor will it. */
export async function goesOnPaying(sql: postgres.Sql, ownerId: string): Promise<boolean> {
  const found = await sql`
    SELECT 1 FROM subscriptions
     WHERE owner_id = ${ownerId} AND stripe_subscription_id IS NOT NULL AND NOT cancels_at_period_end
       AND status NOT IN ('canceled', 'incomplete', 'incomplete_expired')
     LIMIT 1`;
  return found.length > 0;
}
