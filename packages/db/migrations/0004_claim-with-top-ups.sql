-- The claim once more, with what holds need: a run tops its hold up before it calls a model, and what a call has cost
-- moves from held to settled while the run goes on.
DROP VIEW run_rows;
--> statement-breakpoint
DROP FUNCTION claim_run(boolean, text, text, text, text, text, text, text, text, text, text, text, text, bigint, float8,
                        float8, text, float8, float8, integer, bigint, bigint, bigint, timestamptz, boolean);
--> statement-breakpoint
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
-- The same run claimed again is the same claim and takes nothing more. An id that another payer's run has, or one that
-- has ended, is a conflict.
--
-- Each statement in here costs about as much to start as to run, so there is one that reads and one that writes.
CREATE FUNCTION claim_run(
  p_spend boolean,
  p_run_id text, p_payer_id text, p_user_id text, p_workspace_id text, p_workflow_id text, p_version_id text,
  p_api_key_id text, p_profile text, p_plan text, p_payer text, p_input text, p_decision text,
  p_holder text, p_epoch bigint, p_lease_ms float8, p_deadline_ms float8, p_expected_ms float8,
  p_counter text, p_per_minute float8, p_capacity float8,
  p_slots_max integer,
  p_hold bigint, p_limit bigint, p_member_limit bigint, p_period_start timestamptz, p_counts_for_member boolean,
  OUT outcome text, OUT tokens float8, OUT in_use integer, OUT earliest_end_ms float8,
  OUT settled float8, OUT held float8, OUT member_settled float8, OUT member_held float8
) LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz;
  v_locked boolean;
  v_mine boolean;
BEGIN
  IF p_spend THEN
    -- An assignment is evaluated without a statement of its own; PERFORM is not.
    v_locked := pg_advisory_xact_lock(hashtextextended(p_payer_id, 0)) IS NOT NULL;
  END IF;
  v_now := clock_timestamp();

  SELECT count(*),
         bool_or(s.run_id = p_run_id),
         extract(epoch FROM min(greatest(coalesce(s.expected_end_at, s.deadline_at), v_now)) - v_now) * 1000,
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
    INTO in_use, v_mine, earliest_end_ms, held, member_held, settled, member_settled, tokens
    FROM slots s WHERE s.payer_id = p_payer_id;

  outcome := CASE
    WHEN v_mine THEN 'claimed'
    WHEN settled + p_hold > p_limit THEN 'usage'
    WHEN member_settled + p_hold > p_member_limit THEN 'member_usage'
    WHEN tokens < 1 THEN 'rate'
    WHEN in_use >= p_slots_max THEN 'concurrency'
    WHEN settled + held + p_hold > p_limit THEN 'payer_headroom'
    WHEN member_settled + member_held + p_hold > p_member_limit THEN 'member_headroom'
    ELSE 'claimed'
  END;

  IF p_spend AND outcome = 'claimed' AND v_mine IS NOT TRUE THEN
    WITH slot AS (
      INSERT INTO slots (run_id, payer_id, user_id, workspace_id, workflow_id, version_id, profile, api_key_id, plan,
                         payer, input, decision, holder, epoch, hold_micros, rate_counter, period_start,
                         counts_for_member, expires_at, expected_end_at, deadline_at, created_at)
      SELECT p_run_id, p_payer_id, p_user_id, p_workspace_id, p_workflow_id, p_version_id, p_profile, p_api_key_id,
             p_plan, p_payer, p_input, p_decision, p_holder, p_epoch, p_hold, p_counter, p_period_start,
             p_counts_for_member, v_now + p_lease_ms * interval '1 millisecond',
             v_now + p_expected_ms * interval '1 millisecond', v_now + p_deadline_ms * interval '1 millisecond', v_now
       WHERE NOT EXISTS (SELECT FROM runs r WHERE r.id = p_run_id)
      ON CONFLICT (run_id) DO NOTHING
      RETURNING true AS taken
    ), bucket AS (
      INSERT INTO rate_buckets (payer_id, counter, tokens, refilled_at)
      SELECT p_payer_id, p_counter, claim_run.tokens - 1, v_now FROM slot WHERE p_counter IS NOT NULL
      -- From the row as it is now, not as it was read above: a token may have been given back in between.
      ON CONFLICT (payer_id, counter) DO UPDATE SET refilled_at = excluded.refilled_at,
        tokens = least(p_capacity, rate_buckets.tokens
                 + greatest(0, extract(epoch FROM v_now - rate_buckets.refilled_at)) * p_per_minute / 60) - 1
    )
    SELECT taken INTO v_mine FROM slot;
    IF v_mine IS NOT TRUE THEN outcome := 'conflict'; END IF;
  END IF;
END
$$;
--> statement-breakpoint
-- Sets more money aside for a run in progress, or nothing. Judged like a claim, and in turn with the payer's claims.
CREATE FUNCTION top_up_hold(
  p_run_id text, p_epoch bigint, p_payer_id text, p_user_id text, p_add bigint,
  p_limit bigint, p_member_limit bigint, p_period_start timestamptz,
  OUT outcome text, OUT earliest_end_ms float8,
  OUT settled float8, OUT held float8, OUT member_settled float8, OUT member_held float8
) LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz;
  v_locked boolean;
  v_own float8;
BEGIN
  v_locked := pg_advisory_xact_lock(hashtextextended(p_payer_id, 0)) IS NOT NULL;
  v_now := clock_timestamp();

  SELECT sum(s.hold_micros) FILTER (WHERE s.run_id = p_run_id AND s.epoch = p_epoch),
         extract(epoch FROM min(greatest(coalesce(s.expected_end_at, s.deadline_at), v_now))
                              FILTER (WHERE s.run_id <> p_run_id) - v_now) * 1000,
         coalesce(sum(s.hold_micros), 0),
         coalesce(sum(s.hold_micros) FILTER (WHERE s.user_id = p_user_id), 0),
         coalesce((SELECT c.settled_micros FROM usage_counters c
                    WHERE c.payer_id = p_payer_id AND c.period_start = p_period_start), 0),
         CASE WHEN p_member_limit IS NULL THEN 0 ELSE
           coalesce((SELECT m.settled_micros FROM member_usage_counters m
                      WHERE m.payer_id = p_payer_id AND m.user_id = p_user_id
                        AND m.period_start = p_period_start), 0) END
    INTO v_own, earliest_end_ms, held, member_held, settled, member_settled
    FROM slots s WHERE s.payer_id = p_payer_id;

  outcome := CASE
    WHEN v_own IS NULL THEN 'lost'
    WHEN settled + v_own + p_add > p_limit THEN 'usage'
    WHEN member_settled + v_own + p_add > p_member_limit THEN 'member_usage'
    WHEN settled + held + p_add > p_limit THEN 'payer_headroom'
    WHEN member_settled + member_held + p_add > p_member_limit THEN 'member_headroom'
    ELSE 'held'
  END;

  IF outcome = 'held' THEN
    UPDATE slots SET hold_micros = hold_micros + p_add WHERE run_id = p_run_id AND epoch = p_epoch;
    IF NOT FOUND THEN outcome := 'lost'; END IF;
  END IF;
END
$$;
--> statement-breakpoint
-- Every run exactly once: it moves from slots to runs in one statement, and one statement reads both.
CREATE VIEW run_rows AS
SELECT id, workspace_id, workflow_id, version_id, profile, actor_user_id, api_key_id, plan, payer, status, refusal_code,
       input, output, error, decision, timings, cost_micros, created_at, started_at, ended_at
  FROM runs
UNION ALL
SELECT run_id, workspace_id, workflow_id, version_id, profile, user_id, api_key_id, plan, payer, 'running', NULL,
       input, NULL, NULL, decision, NULL, spent_micros, created_at, NULL, NULL
  FROM slots;
