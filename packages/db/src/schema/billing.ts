import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant, micros } from "./columns.ts";
import { organizations, users } from "./people.ts";

/**
 * Who pays: exactly one user or one organization while it exists, neither once it is deleted. The row outlives its
 * owner because the ledger refers to it. Null overrides mean that the plan's number holds.
 */
export const payers = pgTable(
  "payers",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .unique()
      .references(() => users.id, { onDelete: "set null" }),
    organizationId: text("organization_id")
      .unique()
      .references(() => organizations.id, { onDelete: "set null" }),
    blockedReason: text("blocked_reason").$type<"payment_failed" | "dispute">(),
    usageLimitMicros: micros("usage_limit_micros"),
    syncRunsPerMinute: integer("sync_runs_per_minute"),
    asyncRunsPerMinute: integer("async_runs_per_minute"),
    concurrentRunsMax: integer("concurrent_runs_max"),
    /** Limits that are evaluated and recorded, and refuse nobody. Null: none. */
    shadowUsageLimitMicros: micros("shadow_usage_limit_micros"),
    shadowRunsPerMinute: integer("shadow_runs_per_minute"),
    shadowConcurrentRunsMax: integer("shadow_concurrent_runs_max"),
    stripeCustomerId: text("stripe_customer_id").unique(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    check("payers_one_owner", sql`num_nonnulls(${t.userId}, ${t.organizationId}) <= 1`),
    check("payers_blocked_reason", sql`${t.blockedReason} in ('payment_failed', 'dispute')`),
  ],
);

export const subscriptions = pgTable(
  "subscriptions",
  {
    id: text("id").primaryKey(),
    userId: text("user_id").references(() => users.id, { onDelete: "cascade" }),
    organizationId: text("organization_id").references(() => organizations.id, { onDelete: "cascade" }),
    /** Whichever of the two it is: one index answers for both. */
    ownerId: text("owner_id").generatedAlwaysAs(sql`coalesce(user_id, organization_id)`).notNull(),
    plan: text("plan").$type<"pro" | "team" | "enterprise">().notNull(),
    status: text("status").notNull(),
    seats: integer("seats").notNull().default(1),
    periodStart: instant("period_start").notNull(),
    periodEnd: instant("period_end").notNull(),
    /** Null: set by an operator. */
    stripeSubscriptionId: text("stripe_subscription_id").unique(),
    cancelsAtPeriodEnd: boolean("cancels_at_period_end").notNull().default(false),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    index("subscriptions_owner_id").on(t.ownerId),
    check("subscriptions_one_owner", sql`num_nonnulls(${t.userId}, ${t.organizationId}) = 1`),
    check("subscriptions_plan", sql`${t.plan} in ('pro', 'team', 'enterprise')`),
    check("subscriptions_seats", sql`${t.seats} > 0`),
    check("subscriptions_period", sql`${t.periodStart} < ${t.periodEnd}`),
  ],
);

/** What one member of an organization may use of its limit in a period. No row: no cap. */
export const memberLimits = pgTable(
  "member_limits",
  {
    payerId: text("payer_id")
      .notNull()
      .references(() => payers.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    usageLimitMicros: micros("usage_limit_micros").notNull(),
  },
  (t) => [primaryKey({ columns: [t.payerId, t.userId] })],
);

/** Settled money of a payer in a period: the sum of its ledger entries, kept in the same transaction as they are written. */
export const usageCounters = pgTable(
  "usage_counters",
  {
    payerId: text("payer_id")
      .notNull()
      .references(() => payers.id, { onDelete: "cascade" }),
    periodStart: instant("period_start").notNull(),
    settledMicros: micros("settled_micros").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.payerId, t.periodStart] })],
);

/** The same per member of an organization. */
export const memberUsageCounters = pgTable(
  "member_usage_counters",
  {
    payerId: text("payer_id")
      .notNull()
      .references(() => payers.id, { onDelete: "cascade" }),
    userId: text("user_id").notNull(),
    periodStart: instant("period_start").notNull(),
    settledMicros: micros("settled_micros").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.payerId, t.userId, t.periodStart] })],
);

/** Append-only. The event key makes writing an entry twice the same as writing it once. */
export const ledgerEntries = pgTable(
  "ledger_entries",
  {
    eventKey: text("event_key").primaryKey(),
    payerId: text("payer_id")
      .notNull()
      .references(() => payers.id),
    userId: text("user_id"),
    workspaceId: text("workspace_id").notNull(),
    runId: text("run_id").notNull(),
    periodStart: instant("period_start").notNull(),
    kind: text("kind").$type<"base" | "model">().notNull(),
    provider: text("provider"),
    model: text("model"),
    keySource: text("key_source").$type<"platform" | "workspace" | "organization">(),
    inputTokens: integer("input_tokens"),
    outputTokens: integer("output_tokens"),
    amountMicros: micros("amount_micros").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    index("ledger_entries_payer_period").on(t.payerId, t.periodStart),
    index("ledger_entries_run_id").on(t.runId),
    check("ledger_entries_amount", sql`${t.amountMicros} >= 0`),
    check("ledger_entries_kind", sql`${t.kind} in ('base', 'model')`),
  ],
);

export const bans = pgTable(
  "bans",
  {
    id: text("id").primaryKey(),
    userId: text("user_id").references(() => users.id, { onDelete: "cascade" }),
    organizationId: text("organization_id").references(() => organizations.id, { onDelete: "cascade" }),
    /** Whichever of the two it is: one index answers for both. */
    subjectId: text("subject_id").generatedAlwaysAs(sql`coalesce(user_id, organization_id)`).notNull(),
    reason: text("reason").notNull(),
    /** Null: without end. Lifting a ban ends it now; the row stays. */
    endsAt: instant("ends_at"),
    createdBy: text("created_by").references(() => users.id, { onDelete: "set null" }),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    index("bans_subject_id").on(t.subjectId),
    check("bans_one_subject", sql`num_nonnulls(${t.userId}, ${t.organizationId}) = 1`),
  ],
);

/** Webhook events of Stripe that were applied: one that comes again changes nothing. */
export const stripeEvents = pgTable("stripe_events", {
  id: text("id").primaryKey(),
  type: text("type").notNull(),
  receivedAt: instant("received_at").notNull().defaultNow(),
});

/** How often a shadow limit would have refused, per payer, gate and day. */
export const shadowRefusals = pgTable(
  "shadow_refusals",
  {
    payerId: text("payer_id")
      .notNull()
      .references(() => payers.id, { onDelete: "cascade" }),
    gate: text("gate").$type<"usage" | "rate" | "concurrency">().notNull(),
    /** YYYY-MM-DD in UTC. */
    day: text("day").notNull(),
    runs: integer("runs").notNull(),
  },
  (t) => [primaryKey({ columns: [t.payerId, t.gate, t.day] })],
);
