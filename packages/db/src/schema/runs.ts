import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from "drizzle-orm/pg-core";
import { payers } from "./billing.ts";
import { instant, micros } from "./columns.ts";
import { workflows, workspaces } from "./workflows.ts";

export const runStatuses = [
  "queued",
  "running",
  "paused",
  "completed",
  "failed",
  "cancelled",
  "refused",
  "lost",
] as const;
export type RunStatus = (typeof runStatuses)[number];

/** One execution, written by the claim (or by the refusal recorder) and ended by settlement. Ids are UUIDv7: newest last. */
export const runs = pgTable(
  "runs",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    workflowId: text("workflow_id")
      .notNull()
      .references(() => workflows.id, { onDelete: "cascade" }),
    /** The version pinned at admission; null for a draft and for a refusal that came before it was known. */
    versionId: text("version_id"),
    profile: text("profile").notNull(),
    actorUserId: text("actor_user_id").notNull(),
    apiKeyId: text("api_key_id"),
    payerId: text("payer_id"),
    /** The period that this run is charged to, captured at admission. */
    periodStart: instant("period_start"),
    plan: text("plan"),
    status: text("status").$type<RunStatus>().notNull(),
    refusalCode: text("refusal_code"),
    /** JSON text, as is all that people write: jsonb refuses NUL and lone surrogates, which JSON may carry. */
    input: text("input"),
    output: text("output"),
    error: text("error"),
    decision: jsonb("decision").notNull(),
    timings: jsonb("timings"),
    costMicros: micros("cost_micros").notNull().default(0),
    createdAt: instant("created_at").notNull().defaultNow(),
    /** When the first block started; null when none did. */
    startedAt: instant("started_at"),
    endedAt: instant("ended_at"),
  },
  (t) => [
    index("runs_workspace_id").on(t.workspaceId, t.id.desc()),
    index("runs_workflow_id").on(t.workflowId, t.id.desc()),
    check(
      "runs_status",
      sql`${t.status} in ('queued', 'running', 'paused', 'completed', 'failed', 'cancelled', 'refused', 'lost')`,
    ),
    check(
      "runs_ended",
      sql`(${t.endedAt} is not null) = (${t.status} in ('completed', 'failed', 'cancelled', 'refused', 'lost'))`,
    ),
  ],
);

/** What each block of a run did. Written once, by settlement. */
export const blockSpans = pgTable(
  "block_spans",
  {
    runId: text("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    blockId: text("block_id").notNull(),
    seq: integer("seq").notNull(),
    name: text("name").notNull(),
    type: text("type").notNull(),
    status: text("status").$type<"completed" | "failed" | "cancelled">().notNull(),
    input: text("input"),
    output: text("output"),
    error: text("error"),
    startedAt: instant("started_at").notNull(),
    durationMs: doublePrecision("duration_ms").notNull(),
    costMicros: micros("cost_micros").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.runId, t.blockId] })],
);

/** A token bucket per payer and counter. Refilled by arithmetic on read, on the database's clock. */
export const rateBuckets = pgTable(
  "rate_buckets",
  {
    payerId: text("payer_id")
      .notNull()
      .references(() => payers.id, { onDelete: "cascade" }),
    counter: text("counter").$type<"sync" | "async">().notNull(),
    tokens: doublePrecision("tokens").notNull(),
    refilledAt: instant("refilled_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.payerId, t.counter] })],
);

/**
 * A lease and its hold: one row for each run in progress, gone when it ends. The set of a payer's rows is its
 * concurrency and what it holds; there is no counter that could drift.
 */
export const slots = pgTable(
  "slots",
  {
    runId: text("run_id").primaryKey(),
    payerId: text("payer_id").notNull(),
    userId: text("user_id").notNull(),
    workspaceId: text("workspace_id").notNull(),
    /** The process that runs it. */
    holder: text("holder").notNull(),
    /** Grows with every claim of the run: a late writer with an older one is refused. */
    epoch: bigint("epoch", { mode: "number" }).notNull(),
    holdMicros: micros("hold_micros").notNull(),
    /** The bucket that its token came from; null when it took none. */
    rateCounter: text("rate_counter").$type<"sync" | "async">(),
    /** The period and, inside an organization, the member that settlement charges. Captured at admission. */
    periodStart: instant("period_start").notNull(),
    countsForMember: boolean("counts_for_member").notNull(),
    expiresAt: instant("expires_at").notNull(),
    /** When its deadline ends it at the latest; tells the refused how long to wait. */
    deadlineAt: instant("deadline_at").notNull(),
    cancelRequestedAt: instant("cancel_requested_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [index("slots_payer_id").on(t.payerId)],
);
