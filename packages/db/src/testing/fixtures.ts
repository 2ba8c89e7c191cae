import { createHash, randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import type { DrizzleDatabase } from "../pool.ts";
import {
  apiKeys,
  bans,
  environmentValues,
  memberLimits,
  members,
  organizations,
  payers,
  providerKeys,
  subscriptions,
  usageCounters,
  users,
  workflows,
  workflowVersions,
  workspacePermissions,
  workspaces,
} from "../schema/index.ts";

// Each function inserts one thing with sensible values and answers with its row. The last argument overrides columns.

export async function insertUser(db: DrizzleDatabase, columns: Partial<typeof users.$inferInsert> = {}) {
  const id = columns.id ?? uuidv7();
  return one(
    await db
      .insert(users)
      .values({ id, name: "Ada", email: `${id}@example.com`, emailVerified: true, ...columns })
      .returning(),
  );
}

export async function insertOrganization(
  db: DrizzleDatabase,
  columns: Partial<typeof organizations.$inferInsert> = {},
) {
  const id = columns.id ?? uuidv7();
  return one(
    await db
      .insert(organizations)
      .values({ id, name: "Acme", slug: id, ...columns })
      .returning(),
  );
}

export async function insertMember(
  db: DrizzleDatabase,
  columns: Partial<typeof members.$inferInsert> & { organizationId: string; userId: string },
) {
  return one(
    await db
      .insert(members)
      .values({ id: uuidv7(), ...columns })
      .returning(),
  );
}

/** Pass `userId` or `organizationId`; neither makes a payer whose owner was deleted. */
export async function insertPayer(db: DrizzleDatabase, columns: Partial<typeof payers.$inferInsert> = {}) {
  return one(
    await db
      .insert(payers)
      .values({ id: uuidv7(), ...columns })
      .returning(),
  );
}

/**
 * A workspace that this user may administer. Without `payerId` the user pays: with the payer that exists, else a new
 * one. `payerId: null` makes a workspace that nobody pays for; `level: null` gives no permission.
 */
export async function insertWorkspace(
  db: DrizzleDatabase,
  {
    userId,
    payerId,
    level = "admin",
    ...columns
  }: Partial<typeof workspaces.$inferInsert> & {
    userId: string;
    level?: "admin" | "write" | "read" | null;
  },
) {
  const workspace = one(
    await db
      .insert(workspaces)
      .values({
        id: uuidv7(),
        name: "Workspace",
        payerId: payerId === undefined ? (await payerOf(db, userId)).id : payerId,
        ...columns,
      })
      .returning(),
  );
  if (level !== null) await insertPermission(db, { userId, workspaceId: workspace.id, level });
  return workspace;
}

export async function insertPermission(
  db: DrizzleDatabase,
  columns: typeof workspacePermissions.$inferInsert,
) {
  return one(await db.insert(workspacePermissions).values(columns).returning());
}

/** A workflow with a draft and, unless `deployed` is false, version 1 of the same definition, which is active. */
export async function insertWorkflow(
  db: DrizzleDatabase,
  {
    definition = echoDefinition,
    deployed = true,
    ...columns
  }: Partial<typeof workflows.$inferInsert> & {
    workspaceId: string;
    ownerId: string;
    definition?: unknown;
    deployed?: boolean;
  },
) {
  const workflow = one(
    await db
      .insert(workflows)
      .values({ id: uuidv7(), name: "Workflow", draft: JSON.stringify(definition), ...columns })
      .returning(),
  );
  if (!deployed) return workflow;
  const version = await insertVersion(db, { workflowId: workflow.id, number: 1, definition });
  return one(
    await db
      .update(workflows)
      .set({ activeVersionId: version.id })
      .where(eq(workflows.id, workflow.id))
      .returning(),
  );
}

/** Not active: set the workflow's `activeVersionId` for that. */
export async function insertVersion(
  db: DrizzleDatabase,
  {
    definition = echoDefinition,
    ...columns
  }: Omit<Partial<typeof workflowVersions.$inferInsert>, "definition"> & {
    workflowId: string;
    number: number;
    definition?: unknown;
  },
) {
  return one(
    await db
      .insert(workflowVersions)
      .values({ id: uuidv7(), definition: JSON.stringify(definition), ...columns })
      .returning(),
  );
}

/** The row, and the secret that only its holder knows. */
export async function insertApiKey(
  db: DrizzleDatabase,
  {
    secret = `gtr_${randomBytes(32).toString("base64url")}`,
    ...columns
  }: Partial<typeof apiKeys.$inferInsert> & { workspaceId: string; userId: string; secret?: string },
) {
  const hash = createHash("sha256").update(secret).digest("hex");
  const row = one(
    await db
      .insert(apiKeys)
      .values({ id: uuidv7(), name: "Key", hash, hint: secret.slice(-4), ...columns })
      .returning(),
  );
  return { ...row, secret };
}

/** Of a `userId` or an `organizationId`. Active, on the pro plan, in a period that began yesterday and lasts 30 days. */
export async function insertSubscription(
  db: DrizzleDatabase,
  columns: Partial<typeof subscriptions.$inferInsert>,
) {
  const dayMs = 86_400_000;
  return one(
    await db
      .insert(subscriptions)
      .values({
        id: uuidv7(),
        plan: "pro",
        status: "active",
        periodStart: new Date(Date.now() - dayMs),
        periodEnd: new Date(Date.now() + 29 * dayMs),
        ...columns,
      })
      .returning(),
  );
}

export async function insertUsageCounter(db: DrizzleDatabase, columns: typeof usageCounters.$inferInsert) {
  return one(await db.insert(usageCounters).values(columns).returning());
}

export async function insertMemberLimit(db: DrizzleDatabase, columns: typeof memberLimits.$inferInsert) {
  return one(await db.insert(memberLimits).values(columns).returning());
}

/** Pass `userId` or `organizationId`. */
export async function insertBan(db: DrizzleDatabase, columns: Partial<typeof bans.$inferInsert>) {
  return one(
    await db
      .insert(bans)
      .values({ id: uuidv7(), reason: "abuse", ...columns })
      .returning(),
  );
}

/** Pass `workspaceId` or `userId`; `sealed` comes from the cipher under test. */
export async function insertEnvironmentValue(
  db: DrizzleDatabase,
  columns: Partial<typeof environmentValues.$inferInsert> & { name: string; sealed: string },
) {
  return one(
    await db
      .insert(environmentValues)
      .values({ id: uuidv7(), ...columns })
      .returning(),
  );
}

/** Pass `workspaceId` or `organizationId`. */
export async function insertProviderKey(
  db: DrizzleDatabase,
  columns: Partial<typeof providerKeys.$inferInsert> & { sealed: string },
) {
  return one(
    await db
      .insert(providerKeys)
      .values({ id: uuidv7(), provider: "anthropic", name: "Key", hint: "test", ...columns })
      .returning(),
  );
}

/** The smallest definition that runs: it answers with its input `message`. */
export const echoDefinition = {
  schemaVersion: 1,
  blocks: [
    {
      id: "start",
      name: "Start",
      type: "start",
      position: { x: 0, y: 0 },
      inputs: [{ name: "message", type: "string", required: false, default: "hello" }],
    },
    {
      id: "response",
      name: "Response",
      type: "response",
      position: { x: 240, y: 0 },
      output: { message: "<Start.message>" },
    },
  ],
  edges: [{ id: "e1", source: "start", sourceHandle: "out", target: "response" }],
  variables: [],
};

async function payerOf(db: DrizzleDatabase, userId: string) {
  const [existing] = await db.select().from(payers).where(eq(payers.userId, userId));
  return existing ?? insertPayer(db, { userId });
}

function one<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error("an insert answers with its row");
  return row;
}
