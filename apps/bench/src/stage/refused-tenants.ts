import {
  apiKeys,
  type DrizzleDatabase,
  memberLimits,
  memberUsageCounters,
  payers,
  rateBuckets,
  slots,
  subscriptions,
  usageCounters,
  workflows,
  workspacePermissions,
  workspaces,
} from "@gantry/db";
import { insertBan } from "@gantry/db/testing";
import type { RefusalCode } from "@gantry/execution";
import { eq } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { type BenchTenant, setLimits } from "./tenants.ts";

type Arrange = (db: DrizzleDatabase, tenant: BenchTenant) => Promise<unknown>;

const anHour = 3_600_000;

/**
 * Makes runs of a tenant whose organization pays be refused with each code. ADMISSION_UNAVAILABLE is not the tenant's
 * doing: see the section.
 */
export const arrangements: Readonly<Record<Exclude<RefusalCode, "ADMISSION_UNAVAILABLE">, Arrange>> = {
  UNAUTHENTICATED: (db, { apiKeyId }) =>
    db.update(apiKeys).set({ revokedAt: new Date() }).where(eq(apiKeys.id, apiKeyId)),
  WORKFLOW_NOT_FOUND: (db, { workspaceId }) =>
    db.update(workflows).set({ archivedAt: new Date() }).where(eq(workflows.workspaceId, workspaceId)),
  FORBIDDEN: (db, { userId }) =>
    db.update(workspacePermissions).set({ level: "read" }).where(eq(workspacePermissions.userId, userId)),
  WORKFLOW_NOT_DEPLOYED: (db, { workspaceId }) =>
    db.update(workflows).set({ activeVersionId: null }).where(eq(workflows.workspaceId, workspaceId)),
  ACCOUNT_SUSPENDED: (db, { userId }) => insertBan(db, { userId }),
  PAYER_UNRESOLVED: (db, { workspaceId }) =>
    db.update(workspaces).set({ payerId: null }).where(eq(workspaces.id, workspaceId)),
  PAYER_BLOCKED: (db, { payerId }) =>
    db.update(payers).set({ blockedReason: "dispute" }).where(eq(payers.id, payerId)),
  USAGE_LIMIT_EXCEEDED: async (db, { payerId }) => {
    const periodStart = await periodOf(db, payerId);
    await setLimits(db, payerId, { usageLimitMicros: 1_000_000 });
    await db.insert(usageCounters).values({ payerId, periodStart, settledMicros: 1_000_000 });
  },
  MEMBER_LIMIT_EXCEEDED: async (db, { payerId, userId }) => {
    const periodStart = await periodOf(db, payerId);
    await db.insert(memberLimits).values({ payerId, userId, usageLimitMicros: 1_000_000 });
    await db.insert(memberUsageCounters).values({ payerId, userId, periodStart, settledMicros: 1_000_000 });
  },
  RATE_LIMITED: (db, { payerId }) =>
    db
      .insert(rateBuckets)
      .values({ payerId, counter: "sync", tokens: 0, refilledAt: new Date(Date.now() + anHour) }),
  CONCURRENCY_LIMIT: async (db, tenant) => {
    await setLimits(db, tenant.payerId, { concurrentRunsMax: 10 });
    await insertSlots(db, tenant, 10, 0);
  },
  PAYER_HEADROOM: async (db, tenant) => {
    await setLimits(db, tenant.payerId, { usageLimitMicros: 1_000_000 });
    await insertSlots(db, tenant, 1, 999_000);
  },
  MEMBER_HEADROOM: async (db, tenant) => {
    const { payerId, userId } = tenant;
    await db.insert(memberLimits).values({ payerId, userId, usageLimitMicros: 1_000_000 });
    await insertSlots(db, tenant, 1, 999_000);
  },
};

async function periodOf(db: DrizzleDatabase, payerId: string): Promise<Date> {
  const [row] = await db
    .select({ periodStart: subscriptions.periodStart })
    .from(payers)
    .innerJoin(subscriptions, eq(subscriptions.organizationId, payers.organizationId))
    .where(eq(payers.id, payerId));
  if (row === undefined) throw new Error("The payer has no subscription.");
  return row.periodStart;
}

/** Runs in progress, held by another process. */
async function insertSlots(
  db: DrizzleDatabase,
  { payerId, userId, workspaceId, workflowIds }: BenchTenant,
  count: number,
  holdMicros: number,
): Promise<void> {
  const periodStart = await periodOf(db, payerId);
  const later = new Date(Date.now() + anHour);
  await db.insert(slots).values(
    Array.from({ length: count }, () => ({
      runId: uuidv7(),
      payerId,
      userId,
      workspaceId,
      workflowId: workflowIds[0] ?? "",
      profile: "api",
      plan: "pro",
      input: "{}",
      decision: "[]",
      holder: "elsewhere",
      epoch: 1,
      holdMicros,
      periodStart,
      countsForMember: true,
      expiresAt: later,
      deadlineAt: later,
    })),
  );
}
