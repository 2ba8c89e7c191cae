/**
 * Every subscription that may decide the plan of the payer `py`, as one text: its own and, for a paying user, those of
 * the organizations it belongs to, read together. A deleted organization takes its subscriptions with it.
 * `parseSubscriptions` reads it.
 */
export const subscriptionsOfPayer = /* sql */ `array_to_string(ARRAY(
  SELECT s.plan || '|' || s.seats || '|' || s.owner_id || '|' || s.period_start || '|' || s.period_end
         || '|' || s.created_at || '|' || s.id
    FROM subscriptions s
   WHERE s.status IN ('active', 'past_due')
     AND s.owner_id = ANY (coalesce(py.user_id, py.organization_id)
           || ARRAY(SELECT m.organization_id FROM members m WHERE m.user_id = py.user_id))), ',')`;

/**
 * What the payer `py` has settled in each period that may be the current one, as one text; `parseCounters` reads it.
 * The longest period is a year.
 */
export const usageOfPayer = /* sql */ `array_to_string(ARRAY(
  SELECT c.period_start || '|' || c.settled_micros FROM usage_counters c
   WHERE c.payer_id = py.id AND c.period_start > now() - interval '400 days'), ',')`;

/**
 * The cap of the user that the SQL expression names inside the payer `py`, and what that member has settled, as one
 * text: `<limit>;<counters>`. Null when there is no cap; the counters are then not looked at.
 */
export const memberCapOf = (userId: string) => /* sql */ `(
  SELECT l.usage_limit_micros || ';' || array_to_string(ARRAY(
           SELECT c.period_start || '|' || c.settled_micros FROM member_usage_counters c
            WHERE c.payer_id = l.payer_id AND c.user_id = l.user_id
              AND c.period_start > now() - interval '400 days'), ',')
    FROM member_limits l WHERE l.payer_id = py.id AND l.user_id = ${userId})`;
