-- A deployed version never changes: what was admitted on it is what runs.
CREATE FUNCTION refuse_version_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'workflow versions are immutable' USING ERRCODE = 'restrict_violation';
END
$$;
--> statement-breakpoint
CREATE TRIGGER workflow_versions_immutable
  BEFORE UPDATE OF id, workflow_id, number, definition, created_at ON workflow_versions
  FOR EACH ROW EXECUTE FUNCTION refuse_version_update();
--> statement-breakpoint
-- Rows that every run writes: room on the page keeps their updates on it (HOT), and vacuum comes early.
ALTER TABLE rate_buckets SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
--> statement-breakpoint
ALTER TABLE usage_counters SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
--> statement-breakpoint
ALTER TABLE member_usage_counters SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
--> statement-breakpoint
ALTER TABLE slots SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
