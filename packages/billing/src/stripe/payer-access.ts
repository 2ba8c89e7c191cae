import type postgres from "postgres";
import type { PayerOwner } from "../lock-payer.ts";
import { givenPlanOfPayer } from "./given-plan.ts";
import { payerOwnerOf } from "./payer-owner.ts";
import type { PaidPlan } from "./prices.ts";

/** Who asks. The same shape as the one that execution reads from a credential. */
export interface Principal {
  readonly userId: string;
  /** Null for a session. */
  readonly apiKeyId: string | null;
  /** The only workspace that an API key reaches; null for a session, which reaches all of its user's. */
  readonly workspaceId: string | null;
}

export interface ManagedPayer {
  readonly id: string;
  readonly owner: PayerOwner;
  readonly name: string;
  /** Null for an organization: it has none. */
  readonly email: string | null;
  readonly customerId: string | null;
  /** What it has without buying it. */
  readonly givenPlan: PaidPlan | null;
}

/** Why somebody may not manage what a workspace's payer pays. */
export type NotManaged =
  /** The workspace is not the principal's to see, or nobody pays for it. */
  | { readonly kind: "not_found" }
  /** An API key, somebody else's own workspace, or an organization where one is neither owner nor admin. */
  | { readonly kind: "forbidden" };

export type PayerAccess = { readonly kind: "allowed"; readonly payer: ManagedPayer } | NotManaged;

/** One statement; throws what the driver throws. */
export async function payerAccess(
  sql: postgres.Sql,
  principal: Principal,
  workspaceId: string,
): Promise<PayerAccess> {
  if (principal.workspaceId !== null && principal.workspaceId !== workspaceId) return { kind: "not_found" };
  const [row] = await sql.unsafe<PayerRow[]>(payerSql, [workspaceId, principal.userId], { prepare: true });
  const owner = row === undefined ? null : payerOwnerOf(row);
  if (row === undefined || owner === null || row.name === null) return { kind: "not_found" };
  if (!mayManage(principal, owner, row.role)) return { kind: "forbidden" };
  const { id, name, email, stripe_customer_id: customerId, given_plan: givenPlan } = row;
  return { kind: "allowed", payer: { id, owner, name, email, customerId, givenPlan } };
}

const payerSql = /* sql */ `
SELECT py.id, py.user_id, py.organization_id, py.stripe_customer_id, coalesce(o.name, u.name) AS name, u.email, m.role,
       ${givenPlanOfPayer} AS given_plan
  FROM workspaces ws
  JOIN workspace_permissions p ON p.workspace_id = ws.id AND p.user_id = $2
  JOIN payers py ON py.id = ws.payer_id
  LEFT JOIN users u ON u.id = py.user_id
  LEFT JOIN organizations o ON o.id = py.organization_id
  LEFT JOIN members m ON m.organization_id = py.organization_id AND m.user_id = $2
 WHERE ws.id = $1`;

interface PayerRow {
  id: string;
  user_id: string | null;
  organization_id: string | null;
  stripe_customer_id: string | null;
  name: string | null;
  email: string | null;
  role: string | null;
  given_plan: PaidPlan | null;
}

/** `role`: the principal's in the paying organization, as better-auth keeps it: several in one text; null outside. */
export function mayManage({ userId, apiKeyId }: Principal, owner: PayerOwner, role: string | null): boolean {
  if (apiKeyId !== null) return false;
  if (owner.kind === "user") return owner.id === userId;
  const roles = (role ?? "").split(",").map((each) => each.trim());
  return roles.includes("owner") || roles.includes("admin");
}
