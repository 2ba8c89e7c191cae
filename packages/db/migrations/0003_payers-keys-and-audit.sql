CREATE TABLE "audit_entries" (
	"id" text PRIMARY KEY NOT NULL,
	"actor_user_id" text,
	"action" text NOT NULL,
	"subject_id" text NOT NULL,
	"details" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shadow_refusals" (
	"payer_id" text NOT NULL,
	"gate" text NOT NULL,
	"day" text NOT NULL,
	"runs" integer NOT NULL,
	CONSTRAINT "shadow_refusals_payer_id_gate_day_pk" PRIMARY KEY("payer_id","gate","day")
);
--> statement-breakpoint
CREATE TABLE "stripe_events" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
DROP INDEX "provider_keys_workspace_id";--> statement-breakpoint
ALTER TABLE "provider_keys" ALTER COLUMN "workspace_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "bans" ADD COLUMN "created_by" text;--> statement-breakpoint
ALTER TABLE "payers" ADD COLUMN "shadow_usage_limit_micros" bigint;--> statement-breakpoint
ALTER TABLE "payers" ADD COLUMN "shadow_runs_per_minute" integer;--> statement-breakpoint
ALTER TABLE "payers" ADD COLUMN "shadow_concurrent_runs_max" integer;--> statement-breakpoint
ALTER TABLE "payers" ADD COLUMN "stripe_customer_id" text;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "stripe_subscription_id" text;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "cancels_at_period_end" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "role" text DEFAULT 'user' NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "payer" text;--> statement-breakpoint
ALTER TABLE "slots" ADD COLUMN "payer" text;--> statement-breakpoint
ALTER TABLE "slots" ADD COLUMN "spent_micros" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "slots" ADD COLUMN "expected_end_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "provider_keys" ADD COLUMN "organization_id" text;--> statement-breakpoint
ALTER TABLE "provider_keys" ADD COLUMN "owner_id" text GENERATED ALWAYS AS (coalesce(workspace_id, organization_id)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "workflows" ADD COLUMN "typical_run_ms" double precision;--> statement-breakpoint
ALTER TABLE "shadow_refusals" ADD CONSTRAINT "shadow_refusals_payer_id_payers_id_fk" FOREIGN KEY ("payer_id") REFERENCES "public"."payers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_entries_subject_id" ON "audit_entries" USING btree ("subject_id","id" DESC NULLS LAST);--> statement-breakpoint
ALTER TABLE "bans" ADD CONSTRAINT "bans_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_keys" ADD CONSTRAINT "provider_keys_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "provider_keys_owner_id" ON "provider_keys" USING btree ("owner_id");--> statement-breakpoint
ALTER TABLE "payers" ADD CONSTRAINT "payers_stripe_customer_id_unique" UNIQUE("stripe_customer_id");--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_stripe_subscription_id_unique" UNIQUE("stripe_subscription_id");--> statement-breakpoint
ALTER TABLE "provider_keys" ADD CONSTRAINT "provider_keys_one_owner" CHECK (num_nonnulls("provider_keys"."workspace_id", "provider_keys"."organization_id") = 1);