import type { PaidPlan } from "./prices.ts";

const rank: Readonly<Record<PaidPlan, number>> = { pro: 1, team: 2, enterprise: 3 };

/**
 * The highest plan that the payer `py` has without buying one: from an operator or, for a paying user, through an
 * organization. Null: none.
 */
export const givenPlanOfPayer = /* sql */ `(
  SELECT s.plan FROM subscriptions s
   WHERE s.status IN ('active', 'past_due')
     AND (s.owner_id = coalesce(py.user_id, py.organization_id) AND s.stripe_subscription_id IS NULL
          OR s.owner_id IN (SELECT m.organization_id FROM members m WHERE m.user_id = py.user_id))
   ORDER BY array_position(ARRAY['enterprise', 'team', 'pro'], s.plan)
   LIMIT 1)`;

/** Whether buying this plan would change nothing: the higher one counts, and of two equals the one that was not bought may. */
export function isCovered(plan: PaidPlan, given: PaidPlan | null): boolean {
  return given !== null && rank[given] >= rank[plan];
}
