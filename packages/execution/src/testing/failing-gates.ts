import { organizations, payers } from "@gantry/db";
import { insertBan, type Tenant, type TestDatabase } from "@gantry/db/testing";
import { v7 as uuidv7 } from "uuid";
import type { RefusalCode } from "../admission/refusal.ts";

/** One way for a run of a tenant to be refused. */
export interface Failure {
  readonly code: RefusalCode;
  readonly status: number;
  /** Where it is seen: in what was read, or only by whoever takes the claim. */
  readonly judgedBy: "facts" | "claim";
  /** Makes it so. Every one can be combined with every other. */
  readonly arrange: (database: TestDatabase, tenant: OrganizationTenant) => Promise<unknown>;
}

/** A tenant whose organization pays. */
export interface OrganizationTenant extends Tenant {
  readonly organizationId: string;
}

/** Every refusal by a gate, in the order of the gates. No tenant can bring about ADMISSION_UNAVAILABLE. */
export const failures: readonly Failure[] = [
  {
    code: "UNAUTHENTICATED",
    status: 401,
    judgedBy: "facts",
    arrange: ({ sql }, { apiKeyId }) => sql`UPDATE api_keys SET revoked_at = now() WHERE id = ${apiKeyId}`,
  },
  {
    code: "WORKFLOW_NOT_FOUND",
    status: 404,
    judgedBy: "facts",
    arrange: ({ sql }, { workflowId }) =>
      sql`UPDATE workflows SET archived_at = now() WHERE id = ${workflowId}`,
  },
  {
    code: "FORBIDDEN",
    status: 403,
    judgedBy: "facts",
    arrange: ({ sql }, { userId }) =>
      sql`UPDATE workspace_permissions SET level = 'read' WHERE user_id = ${userId}`,
  },
  {
    code: "WORKFLOW_NOT_DEPLOYED",
    status: 403,
    judgedBy: "facts",
    arrange: ({ sql }, { workflowId }) =>
      sql`UPDATE workflows SET active_version_id = NULL WHERE id = ${workflowId}`,
  },
  {
    code: "ACCOUNT_SUSPENDED",
    status: 403,
    judgedBy: "facts",
    arrange: ({ db }, { userId }) => insertBan(db, { userId }),
  },
  {
    code: "PAYER_UNRESOLVED",
    status: 402,
    judgedBy: "facts",
    // The payer outlives its owner, and so do its block, its usage and its slots: every later gate may fail as well.
    arrange: ({ sql }, { organizationId }) => sql`DELETE FROM organizations WHERE id = ${organizationId}`,
  },
  {
    code: "PAYER_BLOCKED",
    status: 402,
    judgedBy: "facts",
    arrange: ({ sql }, { payerId }) =>
      sql`UPDATE payers SET blocked_reason = 'dispute' WHERE id = ${payerId}`,
  },
  {
    code: "USAGE_LIMIT_EXCEEDED",
    status: 402,
    judgedBy: "facts",
    arrange: ({ sql }, { payerId }) => sql`
      INSERT INTO usage_counters (payer_id, period_start, settled_micros)
      VALUES (${payerId}, date_trunc('month', now(), 'UTC'), 5000000)`,
  },
  {
    code: "MEMBER_LIMIT_EXCEEDED",
    status: 402,
    judgedBy: "facts",
    arrange: async ({ sql }, { payerId, userId }) => {
      await sql`INSERT INTO member_limits VALUES (${payerId}, ${userId}, 1000000)
                ON CONFLICT (payer_id, user_id) DO UPDATE SET usage_limit_micros = 1000000`;
      await sql`INSERT INTO member_usage_counters VALUES
                (${payerId}, ${userId}, date_trunc('month', now(), 'UTC'), 1000000)`;
    },
  },
  {
    code: "RATE_LIMITED",
    status: 429,
    judgedBy: "claim",
    arrange: ({ sql }, { payerId }) => sql`
      INSERT INTO rate_buckets VALUES (${payerId}, 'sync', 0, now() + interval '1 hour')`,
  },
  {
    code: "CONCURRENCY_LIMIT",
    status: 429,
    judgedBy: "claim",
    arrange: ({ sql }, { payerId }) => insertSlots(sql, payerId, 10, 0),
  },
  {
    code: "PAYER_HEADROOM",
    status: 402,
    judgedBy: "claim",
    arrange: ({ sql }, { payerId }) => insertSlots(sql, payerId, 1, 4_999_000),
  },
  {
    code: "MEMBER_HEADROOM",
    status: 402,
    judgedBy: "claim",
    arrange: async ({ sql }, { payerId, userId }) => {
      await sql`INSERT INTO member_limits VALUES (${payerId}, ${userId}, 1006000)
                ON CONFLICT (payer_id, user_id) DO NOTHING`;
      await insertSlots(sql, payerId, 1, 1_004_000, userId);
    },
  },
];

async function insertSlots(
  sql: TestDatabase["sql"],
  payerId: string,
  count: number,
  holdMicros: number,
  userId = "somebody",
): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await sql`
      INSERT INTO slots (run_id, payer_id, user_id, workspace_id, workflow_id, profile, plan, input, decision, holder,
                         epoch, hold_micros, period_start, counts_for_member, expires_at, deadline_at)
      VALUES (${uuidv7()}, ${payerId}, ${userId}, 'elsewhere', 'elsewhere', 'api', 'free', '{}', '[]',
              'elsewhere', 1, ${holdMicros}, now(), true,
              now() + interval '1 hour', now() + interval '90 seconds')`;
  }
}

/** Moves the tenant's workspace to an organization that it belongs to, on the free plan. */
export async function payByOrganization(database: TestDatabase, tenant: Tenant): Promise<OrganizationTenant> {
  const organizationId = uuidv7();
  const payerId = uuidv7();
  await database.db.insert(organizations).values({ id: organizationId, name: "Acme", slug: organizationId });
  await database.db.insert(payers).values({ id: payerId, organizationId });
  await database.sql`UPDATE workspaces SET payer_id = ${payerId} WHERE id = ${tenant.workspaceId}`;
  return { ...tenant, payerId, organizationId };
}
