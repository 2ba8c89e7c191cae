import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
} from "drizzle-orm/pg-core";
import { payers } from "./billing.ts";
import { instant } from "./columns.ts";
import { users } from "./people.ts";

export const workspaces = pgTable(
  "workspaces",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    /** Null once nobody pays: runs are then refused with PAYER_UNRESOLVED. */
    payerId: text("payer_id").references(() => payers.id, { onDelete: "set null" }),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [index("workspaces_payer_id").on(t.payerId)],
);

export const workspacePermissions = pgTable(
  "workspace_permissions",
  {
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    level: text("level").$type<"admin" | "write" | "read">().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.workspaceId] }),
    index("workspace_permissions_workspace_id").on(t.workspaceId),
    check("workspace_permissions_level", sql`${t.level} in ('admin', 'write', 'read')`),
  ],
);

/**
 * One editable draft; the active version is one column, so there cannot be two. Its foreign key spans both ids:
 * a version of another workflow cannot be active here.
 */
export const workflows = pgTable(
  "workflows",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    ownerId: text("owner_id")
      .notNull()
      .references(() => users.id),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    /** JSON text: 2.5 times cheaper to move than jsonb, and only ever read whole. */
    draft: text("draft").notNull(),
    /** Counts saves; a save names the revision that it was based on. */
    draftRevision: integer("draft_revision").notNull().default(1),
    activeVersionId: text("active_version_id"),
    /** How long its runs take, smoothed over the latest; null before the first has ended. Written off the path of runs. */
    typicalRunMs: doublePrecision("typical_run_ms"),
    archivedAt: instant("archived_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    index("workflows_workspace_id").on(t.workspaceId),
    unique("workflows_id_workspace").on(t.id, t.workspaceId),
    foreignKey({
      name: "workflows_active_version",
      columns: [t.activeVersionId, t.id],
      foreignColumns: [workflowVersions.id as AnyPgColumn, workflowVersions.workflowId as AnyPgColumn],
    }),
  ],
);

/** Immutable: a trigger refuses updates. */
export const workflowVersions = pgTable(
  "workflow_versions",
  {
    id: text("id").primaryKey(),
    workflowId: text("workflow_id")
      .notNull()
      .references((): AnyPgColumn => workflows.id, { onDelete: "cascade" }),
    number: integer("number").notNull(),
    definition: text("definition").notNull(),
    note: text("note").notNull().default(""),
    deployedBy: text("deployed_by").references(() => users.id, { onDelete: "set null" }),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    unique("workflow_versions_id_workflow").on(t.id, t.workflowId),
    unique("workflow_versions_number").on(t.workflowId, t.number),
    check("workflow_versions_number_positive", sql`${t.number} > 0`),
  ],
);
