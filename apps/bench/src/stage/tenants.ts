import { randomBytes } from "node:crypto";
import { type DrizzleDatabase, payers } from "@gantry/db";
import {
  insertApiKey,
  insertEnvironmentValue,
  insertMember,
  insertOrganization,
  insertPayer,
  insertSubscription,
  insertUser,
  insertWorkflow,
  insertWorkspace,
} from "@gantry/db/testing";
import { createKeyring, sealContext } from "@gantry/secrets";
import { eq } from "drizzle-orm";

export interface BenchTenant {
  readonly userId: string;
  /** Null: the user pays. */
  readonly organizationId: string | null;
  readonly workspaceId: string;
  readonly payerId: string;
  readonly apiKeyId: string;
  readonly apiKey: string;
  /** One for each definition, in the same order. */
  readonly workflowIds: readonly string[];
}

export interface TenantOptions {
  readonly definitions: readonly unknown[];
  /** `user` when left out. */
  readonly payer?: "user" | "organization";
}

const keyring = createKeyring({ current: { id: "bench", key: randomBytes(32) } });
const environmentValues = 5;

/** Far above anything that is measured: nothing is refused for them. */
const generous = {
  usageLimitMicros: 1_000_000_000_000,
  syncRunsPerMinute: 1_000_000_000,
  asyncRunsPerMinute: 1_000_000_000,
  concurrentRunsMax: 1_000_000,
};

/** A tenant on the pro plan with generous limits, an API key and five environment values in its workspace. */
export async function insertBenchTenant(db: DrizzleDatabase, options: TenantOptions): Promise<BenchTenant> {
  const user = await insertUser(db);
  const organization = options.payer === "organization" ? await insertOrganization(db) : null;
  if (organization !== null) {
    await insertMember(db, { organizationId: organization.id, userId: user.id });
  }
  const owner = organization === null ? { userId: user.id } : { organizationId: organization.id };
  await insertSubscription(db, owner);
  const payer = await insertPayer(db, { ...owner, ...generous });
  const workspace = await insertWorkspace(db, { userId: user.id, payerId: payer.id });
  for (let i = 0; i < environmentValues; i += 1) {
    const name = `ENDPOINT_${i}`;
    const sealed = keyring.seal(`https://example.com/${i}`, sealContext.workspaceValue(workspace.id, name));
    await insertEnvironmentValue(db, { workspaceId: workspace.id, name, sealed });
  }
  const key = await insertApiKey(db, { workspaceId: workspace.id, userId: user.id });
  const workflowIds: string[] = [];
  for (const definition of options.definitions) {
    const workflow = await insertWorkflow(db, { workspaceId: workspace.id, ownerId: user.id, definition });
    workflowIds.push(workflow.id);
  }
  return {
    userId: user.id,
    organizationId: organization?.id ?? null,
    workspaceId: workspace.id,
    payerId: payer.id,
    apiKeyId: key.id,
    apiKey: key.secret,
    workflowIds,
  };
}

export function insertBenchTenants(
  db: DrizzleDatabase,
  count: number,
  options: TenantOptions,
): Promise<BenchTenant[]> {
  return Promise.all(Array.from({ length: count }, () => insertBenchTenant(db, options)));
}

export async function setLimits(
  db: DrizzleDatabase,
  payerId: string,
  limits: Partial<typeof generous>,
): Promise<void> {
  await db.update(payers).set(limits).where(eq(payers.id, payerId));
}
