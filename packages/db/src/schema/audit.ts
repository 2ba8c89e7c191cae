import { index, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** Every action of an installation's admin, written in the transaction of the action itself. Append-only; ids are UUIDv7. */
export const auditEntries = pgTable(
  "audit_entries",
  {
    id: text("id").primaryKey(),
    /** Who did it: a user of the app, or null for the command line of the operator. No foreign key: the entry outlives people. */
    actorUserId: text("actor_user_id"),
    action: text("action").notNull(),
    subjectId: text("subject_id").notNull(),
    /** JSON text: what was before and after. */
    details: text("details").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [index("audit_entries_subject_id").on(t.subjectId, t.id.desc())],
);
