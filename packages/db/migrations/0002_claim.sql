-- A subscription whose renewal has not reached us yet goes on in whole periods of its own length.
CREATE FUNCTION period_length(p_start timestamptz, p_end timestamptz) RETURNS interval LANGUAGE sql STABLE AS $$
  SELECT make_interval(months => greatest(1, (extract(year FROM span) * 12 + extract(month FROM span))::int))
    FROM (SELECT age(p_end AT TIME ZONE 'UTC', p_start AT TIME ZONE 'UTC') AS span) s
$$;
--> statement-breakpoint
CREATE FUNCTION renewed_period_start(p_start timestamptz, p_end timestamptz, p_at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT max(start_at) FROM (
    SELECT (p_start AT TIME ZONE 'UTC' + n * period_length(p_start, p_end)) AT TIME ZONE 'UTC' AS start_at
      FROM generate_series(0, 1200) n
  ) s WHERE start_at <= p_at
$$;
--> statement-breakpoint
-- The only thing that preflight spends: a rate token, a slot and a hold, taken together or not at all.
--
-- Claims of one payer run one after the other under a transaction lock. The statements after the lock see everything
-- that was committed before it was granted: a plain statement with CTEs would judge by a snapshot taken before it
-- waited, and overshoot. What is settled and what is held are read in one statement, so that a run which settles at
-- this moment is counted on exactly one side. With p_spend false it answers the same and takes nothing.
CREATE FUNCTION claim_run(
  p_spend boolean,
  p_run_id text, p_payer_id text, p_user_id text, p_workspace_id text, p_workflow_id text, p_version_id text,
  p_api_key_id text, p_profile text, p_plan text, p_input text, p_decision text,
  p_holder text, p_epoch bigint, p_lease_ms float8, p_deadline_ms float8,
  p_counter text, p_per_minute float8, p_capacity float8,
  p_slots_max integer,
  p_hold bigint, p_limit bigint, p_member_limit bigint, p_period_start text, p_counts_for_member boolean,
  OUT outcome text, OUT tokens float8, OUT in_use integer, OUT earliest_end_ms float8,
  OUT settled float8, OUT held float8, OUT member_settled float8, OUT member_held float8
) LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz;
  v_period timestamptz := p_period_start::timestamptz;
BEGIN
  IF p_spend THEN
    PERFORM pg_advisory_xact_lock(hashtextextended(p_payer_id, 0));
  END IF;
  v_now := clock_timestamp();

  SELECT count(*) FILTER (WHERE s.expires_at > v_now),
         extract(epoch FROM min(s.deadline_at) - v_now) * 1000,
         coalesce(sum(s.hold_micros), 0),
         coalesce(sum(s.hold_micros) FILTER (WHERE s.user_id = p_user_id), 0),
         coalesce((SELECT c.settled_micros FROM usage_counters c
                    WHERE c.payer_id = p_payer_id AND c.period_start = v_period), 0),
         CASE WHEN p_member_limit IS NULL THEN 0 ELSE
           coalesce((SELECT m.settled_micros FROM member_usage_counters m
                      WHERE m.payer_id = p_payer_id AND m.user_id = p_user_id AND m.period_start = v_period), 0) END
    INTO in_use, earliest_end_ms, held, member_held, settled, member_settled
    FROM slots s WHERE s.payer_id = p_payer_id;

  IF p_counter IS NOT NULL THEN
    SELECT least(p_capacity, b.tokens + greatest(0, extract(epoch FROM v_now - b.refilled_at)) * p_per_minute / 60)
      INTO tokens FROM rate_buckets b WHERE b.payer_id = p_payer_id AND b.counter = p_counter;
    tokens := coalesce(tokens, p_capacity);
  END IF;

  outcome := CASE
    WHEN settled + p_hold > p_limit THEN 'usage'
    WHEN member_settled + p_hold > p_member_limit THEN 'member_usage'
    WHEN tokens < 1 THEN 'rate'
    WHEN in_use >= p_slots_max THEN 'concurrency'
    WHEN settled + held + p_hold > p_limit THEN 'payer_headroom'
    WHEN member_settled + member_held + p_hold > p_member_limit THEN 'member_headroom'
    ELSE 'claimed'
  END;
  IF outcome <> 'claimed' OR NOT p_spend THEN
    RETURN;
  END IF;

  IF p_counter IS NOT NULL THEN
    INSERT INTO rate_buckets AS b (payer_id, counter, tokens, refilled_at)
      VALUES (p_payer_id, p_counter, claim_run.tokens - 1, v_now)
      ON CONFLICT (payer_id, counter) DO UPDATE SET tokens = excluded.tokens, refilled_at = excluded.refilled_at;
  END IF;
  INSERT INTO slots (run_id, payer_id, user_id, workspace_id, holder, epoch, hold_micros, rate_counter, period_start,
                     counts_for_member, expires_at, deadline_at, created_at)
    VALUES (p_run_id, p_payer_id, p_user_id, p_workspace_id, p_holder, p_epoch, p_hold, p_counter, v_period,
            p_counts_for_member, v_now + p_lease_ms * interval '1 millisecond',
            v_now + p_deadline_ms * interval '1 millisecond', v_now);
  INSERT INTO runs (id, workspace_id, workflow_id, version_id, profile, actor_user_id, api_key_id, payer_id,
                    period_start, plan, status, input, decision, created_at)
    VALUES (p_run_id, p_workspace_id, p_workflow_id, p_version_id, p_profile, p_user_id, p_api_key_id, p_payer_id,
            v_period, p_plan, 'running', p_input, p_decision::jsonb, v_now);
END
$$;
