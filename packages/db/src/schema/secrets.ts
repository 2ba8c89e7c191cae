import { sql } from "drizzle-orm";
import { check, index, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { organizations, users } from "./people.ts";
import { workspaces } from "./workflows.ts";

/** A key acts as its user, inside its workspace only. Shown once; kept as SHA-256. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    hash: text("hash").notNull().unique(),
    /** The last characters, so that people can tell their keys apart. */
    hint: text("hint").notNull(),
    expiresAt: instant("expires_at"),
    revokedAt: instant("revoked_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [index("api_keys_workspace_id").on(t.workspaceId), index("api_keys_user_id").on(t.userId)],
);

/** Values of `{{NAME}}`: a workspace's, or one person's. Sealed; never read back over the API. */
export const environmentValues = pgTable(
  "environment_values",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").references(() => workspaces.id, { onDelete: "cascade" }),
    userId: text("user_id").references(() => users.id, { onDelete: "cascade" }),
    /** Whichever of the two it is: one index answers for both. */
    ownerId: text("owner_id").generatedAlwaysAs(sql`coalesce(workspace_id, user_id)`).notNull(),
    name: text("name").notNull(),
    sealed: text("sealed").notNull(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    unique("environment_values_owner_name").on(t.ownerId, t.name),
    check("environment_values_one_owner", sql`num_nonnulls(${t.workspaceId}, ${t.userId}) = 1`),
  ],
);

/**
 * Keys for model providers: a workspace's own, or an organization's, which serve its workspaces that have none. Sealed;
 * read fresh for every run.
 */
export const providerKeys = pgTable(
  "provider_keys",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").references(() => workspaces.id, { onDelete: "cascade" }),
    organizationId: text("organization_id").references(() => organizations.id, { onDelete: "cascade" }),
    /** Whichever of the two it is: one index answers for both. */
    ownerId: text("owner_id").generatedAlwaysAs(sql`coalesce(workspace_id, organization_id)`).notNull(),
    provider: text("provider").notNull(),
    name: text("name").notNull(),
    sealed: text("sealed").notNull(),
    hint: text("hint").notNull(),
    revokedAt: instant("revoked_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    index("provider_keys_owner_id").on(t.ownerId),
    check("provider_keys_one_owner", sql`num_nonnulls(${t.workspaceId}, ${t.organizationId}) = 1`),
  ],
);
