-- The only thing that preflight spends: a rate token, a slot and a hold, taken together or not at all. The slot
-- is the row of the run until it ends. With p_spend false it answers the same and takes nothing.
--
-- Claims of one payer run one after the other under a transaction lock. The statements after the lock see everything
-- that was committed before it was granted: a plain statement with CTEs would judge by a snapshot taken before it
-- waited, and overshoot. What is settled and what is held are read in one statement, so that a run which settles at
-- this moment is counted on exactly one side.
--
-- A slot counts until it is gone, also one whose lease has run out: its holder may renew it up to the moment at which it
-- is reaped, and must not find that somebody has taken its place.
--
-- Each statement in here costs about as much to start as to run, so there is one that reads and one that writes.
CREATE FUNCTION claim_run(
  p_spend boolean,
  p_run_id text, p_payer_id text, p_user_id text, p_workspace_id text, p_workflow_id text, p_version_id text,
  p_api_key_id text, p_profile text, p_plan text, p_input text, p_decision text,
  p_holder text, p_epoch bigint, p_lease_ms float8, p_deadline_ms float8,
  p_counter text, p_per_minute float8, p_capacity float8,
  p_slots_max integer,
  p_hold bigint, p_limit bigint, p_member_limit bigint, p_period_start timestamptz, p_counts_for_member boolean,
  OUT outcome text, OUT tokens float8, OUT in_use integer, OUT earliest_end_ms float8,
  OUT settled float8, OUT held float8, OUT member_settled float8, OUT member_held float8
) LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz;
  v_locked boolean;
BEGIN
  IF p_spend THEN
    -- An assignment is evaluated without a statement of its own; PERFORM is not.
    v_locked := pg_advisory_xact_lock(hashtextextended(p_payer_id, 0)) IS NOT NULL;
  END IF;
  v_now := clock_timestamp();

  SELECT count(*),
         extract(epoch FROM min(s.deadline_at) - v_now) * 1000,
         coalesce(sum(s.hold_micros), 0),
         coalesce(sum(s.hold_micros) FILTER (WHERE s.user_id = p_user_id), 0),
         coalesce((SELECT c.settled_micros FROM usage_counters c
                    WHERE c.payer_id = p_payer_id AND c.period_start = p_period_start), 0),
         CASE WHEN p_member_limit IS NULL THEN 0 ELSE
           coalesce((SELECT m.settled_micros FROM member_usage_counters m
                      WHERE m.payer_id = p_payer_id AND m.user_id = p_user_id
                        AND m.period_start = p_period_start), 0) END,
         CASE WHEN p_counter IS NOT NULL THEN
           coalesce((SELECT least(p_capacity, b.tokens + greatest(0, extract(epoch FROM v_now - b.refilled_at))
                                                         * p_per_minute / 60)
                       FROM rate_buckets b WHERE b.payer_id = p_payer_id AND b.counter = p_counter), p_capacity) END
    INTO in_use, earliest_end_ms, held, member_held, settled, member_settled, tokens
    FROM slots s WHERE s.payer_id = p_payer_id;

  outcome := CASE
    WHEN settled + p_hold > p_limit THEN 'usage'
    WHEN member_settled + p_hold > p_member_limit THEN 'member_usage'
    WHEN tokens < 1 THEN 'rate'
    WHEN in_use >= p_slots_max THEN 'concurrency'
    WHEN settled + held + p_hold > p_limit THEN 'payer_headroom'
    WHEN member_settled + member_held + p_hold > p_member_limit THEN 'member_headroom'
    ELSE 'claimed'
  END;

  IF p_spend AND outcome = 'claimed' THEN
    WITH bucket AS (
      INSERT INTO rate_buckets (payer_id, counter, tokens, refilled_at)
      SELECT p_payer_id, p_counter, claim_run.tokens - 1, v_now WHERE p_counter IS NOT NULL
      -- From the row as it is now, not as it was read above: a token may have been given back in between.
      ON CONFLICT (payer_id, counter) DO UPDATE SET refilled_at = excluded.refilled_at,
        tokens = least(p_capacity, rate_buckets.tokens
                 + greatest(0, extract(epoch FROM v_now - rate_buckets.refilled_at)) * p_per_minute / 60) - 1
    )
    INSERT INTO slots (run_id, payer_id, user_id, workspace_id, workflow_id, version_id, profile, api_key_id, plan,
                       input, decision, holder, epoch, hold_micros, rate_counter, period_start, counts_for_member,
                       expires_at, deadline_at, created_at)
    VALUES (p_run_id, p_payer_id, p_user_id, p_workspace_id, p_workflow_id, p_version_id, p_profile, p_api_key_id,
            p_plan, p_input, p_decision, p_holder, p_epoch, p_hold, p_counter, p_period_start, p_counts_for_member,
            v_now + p_lease_ms * interval '1 millisecond', v_now + p_deadline_ms * interval '1 millisecond', v_now);
  END IF;
END
$$;
--> statement-breakpoint
-- Every run exactly once: it moves from slots to runs in one statement, and one statement reads both.
CREATE VIEW run_rows AS
SELECT id, workspace_id, workflow_id, version_id, profile, actor_user_id, api_key_id, plan, status, refusal_code, input,
       output, error, decision, timings, cost_micros, created_at, started_at, ended_at
  FROM runs
UNION ALL
SELECT run_id, workspace_id, workflow_id, version_id, profile, user_id, api_key_id, plan, 'running', NULL, input,
       NULL, NULL, decision, NULL, 0, created_at, NULL, NULL
  FROM slots;
