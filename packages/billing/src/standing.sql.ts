/**
 * A payer's standing, as lateral joins for a statement that has the payer's row as `py`.
 *
 * `sub`: the subscription that counts. Status active or past_due; enterprise before team before pro; within a tier an
 * organization's before a personal one; then the older, then the lower id, so that ties resolve the same way every
 * time. A paying user also gets the plans of the organizations it belongs to. A deleted organization takes its
 * subscriptions with it.
 *
 * `per`: the current period. The payer's own subscription sets it, moved on by whole periods when its renewal is late;
 * otherwise it is the calendar month in UTC.
 */
export const payerStanding = /* sql */ `
  LEFT JOIN LATERAL (
    SELECT s.plan, s.seats, s.period_start, s.period_end, s.owner_id = coalesce(py.user_id, py.organization_id) AS own
      FROM subscriptions s
     WHERE s.status IN ('active', 'past_due')
       AND s.owner_id = ANY (coalesce(py.user_id, py.organization_id)
             || ARRAY(SELECT m.organization_id FROM members m WHERE m.user_id = py.user_id))
     ORDER BY s.plan = 'enterprise' DESC, s.plan = 'team' DESC, s.organization_id IS NULL, s.created_at, s.id
     LIMIT 1
  ) sub ON true
  LEFT JOIN LATERAL (
    SELECT CASE WHEN sub.own IS NOT TRUE THEN date_trunc('month', now(), 'UTC')
                WHEN now() < sub.period_end THEN sub.period_start
                ELSE renewed_period_start(sub.period_start, sub.period_end, now()) END AS start_at,
           CASE WHEN sub.own IS NOT TRUE THEN date_trunc('month', now(), 'UTC') + interval '1 month'
                WHEN now() < sub.period_end THEN sub.period_end
                ELSE renewed_period_start(sub.period_start, sub.period_end, now())
                     + period_length(sub.period_start, sub.period_end) END AS end_at
  ) per ON true`;
