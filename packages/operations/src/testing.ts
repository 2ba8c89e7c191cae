import { setTimeout as pause } from "node:timers/promises";
import { defaultBilling } from "@gantry/billing";
import { slots } from "@gantry/db";
import {
  insertMember,
  insertOrganization,
  insertTenant,
  insertUser,
  type Tenant,
  type TestDatabase,
} from "@gantry/db/testing";
import { v7 as uuidv7 } from "uuid";
import type { Account, OperationsDeps, Principal } from "./deps.ts";

export function testDeps({ sql }: TestDatabase): OperationsDeps {
  return { sql, billing: defaultBilling, newId: uuidv7 };
}

export function session(userId: string): Principal {
  return { userId, apiKeyId: null, workspaceId: null };
}

export async function insertAdmin({ db }: TestDatabase): Promise<Principal> {
  return session((await insertUser(db, { name: "Root", role: "admin" })).id);
}

/** A paying user with a workspace, and an organization that they are a member of. */
export interface World {
  readonly tenant: Tenant;
  readonly user: Account;
  readonly organization: Account;
}

export async function insertWorld({ db }: TestDatabase): Promise<World> {
  const tenant = await insertTenant(db);
  const { id } = await insertOrganization(db);
  await insertMember(db, { organizationId: id, userId: tenant.userId });
  return { tenant, user: { kind: "user", id: tenant.userId }, organization: { kind: "organization", id } };
}

/** A run in progress of the tenant, begun just now unless `createdAt` says otherwise. */
export async function insertSlot(
  { db }: TestDatabase,
  tenant: Tenant,
  columns: Partial<typeof slots.$inferInsert> = {},
): Promise<string> {
  const runId = columns.runId ?? uuidv7();
  const createdAt = columns.createdAt ?? new Date();
  const after = (ms: number) => new Date(createdAt.getTime() + ms);
  await db.insert(slots).values({
    runId,
    payerId: tenant.payerId,
    userId: tenant.userId,
    workspaceId: tenant.workspaceId,
    workflowId: tenant.workflowId,
    versionId: tenant.versionId,
    profile: "api",
    plan: "free",
    input: "{}",
    decision: "[]",
    holder: "host:1",
    epoch: 1,
    holdMicros: 5_000,
    periodStart: new Date(Date.UTC(2026, 0)),
    countsForMember: false,
    expiresAt: after(20_000),
    deadlineAt: after(300_000),
    createdAt,
    ...columns,
  });
  return runId;
}

export interface StoredEntry {
  readonly actor: string | null;
  readonly action: string;
  readonly subject: string;
  readonly details: { readonly subject: string; readonly before: unknown; readonly after: unknown };
}

/** The audit log, oldest first. */
export async function entriesOf({ sql }: TestDatabase): Promise<StoredEntry[]> {
  const rows = await sql<{ actor: string | null; action: string; subject: string; details: string }[]>`
    SELECT actor_user_id AS actor, action, subject_id AS subject, details FROM audit_entries ORDER BY id`;
  return rows.map((row) => ({ ...row, details: JSON.parse(row.details) }));
}

/** Starts all of them, and lets none write to the table before each has come as far as it can without. */
export async function race<T>(
  { sql }: TestDatabase,
  table: "bans" | "users",
  calls: readonly (() => Promise<T>)[],
): Promise<T[]> {
  const { running } = await sql.begin(async (tx) => {
    await tx.unsafe(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`);
    const started = calls.map((call) => call());
    for (let waiting = 0, looks = 0; waiting < calls.length; looks += 1) {
      if (looks === 500) throw new Error(`After ${looks} looks ${waiting} of ${calls.length} wait.`);
      await pause(10);
      // Not in our transaction, which sees the activity as it was at its first look.
      const stopped = await sql`
        SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      waiting = stopped.length;
    }
    return { running: started };
  });
  return Promise.all(running);
}
