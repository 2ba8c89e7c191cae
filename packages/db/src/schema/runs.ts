import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  pgTable,
  pgView,
  primaryKey,
  text,
} from "drizzle-orm/pg-core";
import { payers } from "./billing.ts";
import { instant, micros } from "./columns.ts";
import { workflows } from "./workflows.ts";

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

/**
 * A run that has ended or was refused. Written once, by settlement, the reaper or the refusal recorder, and never
 * updated; until then a run is its slot (see `runRows`). Ids are UUIDv7: newest last.
 */
export const runs = pgTable(
  "runs",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    workflowId: text("workflow_id").notNull(),
    /** The version pinned at admission; null for a draft and for a refusal that came before it was known. */
    versionId: text("version_id"),
    profile: text("profile").notNull(),
    actorUserId: text("actor_user_id").notNull(),
    apiKeyId: text("api_key_id"),
    payerId: text("payer_id"),
    /** The period that this run is charged to, captured at admission. */
    periodStart: instant("period_start"),
    plan: text("plan"),
    /** JSON text of the payer as it was at admission: plan, period, limits. Null for a refusal that came before it was known. */
    payer: text("payer"),
    status: text("status").$type<RunStatus>().notNull(),
    refusalCode: text("refusal_code"),
    /** JSON text, as is all that people write: jsonb refuses NUL and lone surrogates, which JSON may carry. */
    input: text("input"),
    output: text("output"),
    error: text("error"),
    decision: text("decision").notNull(),
    timings: text("timings"),
    costMicros: micros("cost_micros").notNull().default(0),
    createdAt: instant("created_at").notNull().defaultNow(),
    /** When the first block started; null when none did. */
    startedAt: instant("started_at"),
    endedAt: instant("ended_at"),
  },
  (t) => [
    // One key for both, because every claim pays for each check: a workspace takes its runs along with its workflows.
    foreignKey({
      name: "runs_workflow",
      columns: [t.workflowId, t.workspaceId],
      foreignColumns: [workflows.id, workflows.workspaceId],
    }).onDelete("cascade"),
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
    /** `shadow`: what a shadow limit would have let pass. */
    counter: text("counter").$type<"sync" | "async" | "shadow">().notNull(),
    tokens: doublePrecision("tokens").notNull(),
    refilledAt: instant("refilled_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.payerId, t.counter] })],
);

/**
 * A run in progress: its lease, its hold and, until it ends, its row. Gone when it ends, and in `runs` from then on.
 * The set of a payer's slots is its concurrency and what it holds; there is no counter that could drift.
 *
 * No foreign keys: every claim would pay for each check (about 15 us), and settlement asks whether the workflow is
 * still there.
 */
export const slots = pgTable(
  "slots",
  {
    runId: text("run_id").primaryKey(),
    payerId: text("payer_id").notNull(),
    userId: text("user_id").notNull(),
    workspaceId: text("workspace_id").notNull(),
    workflowId: text("workflow_id").notNull(),
    /** Null for a draft. */
    versionId: text("version_id"),
    profile: text("profile").notNull(),
    apiKeyId: text("api_key_id"),
    plan: text("plan").notNull(),
    /** JSON text of the payer as it was at admission; it travels with the run. */
    payer: text("payer"),
    /** JSON text, and so is the decision. */
    input: text("input").notNull(),
    decision: text("decision").notNull(),
    /** The process that runs it. */
    holder: text("holder").notNull(),
    /** Grows with every claim of the run: a late writer with an older one is refused. */
    epoch: bigint("epoch", { mode: "number" }).notNull(),
    /** What is set aside for what the run may still spend; topped up before a model is called, less what was settled of it. */
    holdMicros: micros("hold_micros").notNull(),
    /** What the run's model calls have been charged so far. */
    spentMicros: micros("spent_micros").notNull().default(0),
    /** The bucket that its token came from; null when it took none. */
    rateCounter: text("rate_counter").$type<"sync" | "async">(),
    /** The period and, inside an organization, the member that settlement charges. Captured at admission. */
    periodStart: instant("period_start").notNull(),
    countsForMember: boolean("counts_for_member").notNull(),
    expiresAt: instant("expires_at").notNull(),
    /** When runs of this workflow usually end; tells the refused how long to wait. */
    expectedEndAt: instant("expected_end_at"),
    /** When its deadline ends it at the latest. */
    deadlineAt: instant("deadline_at").notNull(),
    cancelRequestedAt: instant("cancel_requested_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [index("slots_payer_id").on(t.payerId)],
);

/** Every run, in progress or ended, exactly once: it moves from `slots` to `runs` in one statement. */
export const runRows = pgView("run_rows", {
  id: text("id").notNull(),
  workspaceId: text("workspace_id").notNull(),
  workflowId: text("workflow_id").notNull(),
  versionId: text("version_id"),
  profile: text("profile").notNull(),
  actorUserId: text("actor_user_id").notNull(),
  apiKeyId: text("api_key_id"),
  plan: text("plan"),
  payer: text("payer"),
  status: text("status").$type<RunStatus>().notNull(),
  refusalCode: text("refusal_code"),
  input: text("input"),
  output: text("output"),
  error: text("error"),
  decision: text("decision").notNull(),
  timings: text("timings"),
  costMicros: micros("cost_micros").notNull(),
  createdAt: instant("created_at").notNull(),
  startedAt: instant("started_at"),
  endedAt: instant("ended_at"),
}).existing();
