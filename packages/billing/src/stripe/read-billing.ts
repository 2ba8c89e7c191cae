import type postgres from "postgres";
import type { PayerOwner } from "../lock-payer.ts";
import type { PlanName } from "../plans.ts";
import { standingOf } from "../standing.ts";
import { subscriptionsOfPayer } from "../subscriptions.sql.ts";
import { givenPlanOfPayer } from "./given-plan.ts";
import { mayManage, type Principal } from "./payer-access.ts";
import { payerOwnerOf } from "./payer-owner.ts";
import type { PaidPlan } from "./prices.ts";

/** What the payer of a workspace has, and whether the one who asks may change it. Instants in Unix milliseconds. */
export interface BillingView {
  /** The plan that counts. */
  readonly plan: PlanName;
  /** Whether the plan is that of an organization which the paying user belongs to. */
  readonly isFromOrganization: boolean;
  /** The payer's own subscription that decides first. */
  readonly own: OwnPlan | null;
  /** The highest that the payer has without buying it. Buying this one or a lower one would change nothing. */
  readonly given: PaidPlan | null;
  readonly blockedReason: "payment_failed" | "dispute" | null;
  readonly mayManage: boolean;
  /** Whether there is anything to manage at Stripe. */
  readonly isCustomer: boolean;
}

export interface OwnPlan {
  readonly plan: PaidPlan;
  readonly seats: number;
  readonly isPastDue: boolean;
  readonly setBy: "stripe" | "operator";
  readonly periodEndAt: number;
  readonly cancelsAtPeriodEnd: boolean;
}

export type ReadBillingResult =
  | { readonly kind: "ok"; readonly view: BillingView }
  /** Nobody pays for the workspace. */
  | { readonly kind: "unpaid" }
  /** The workspace is not the principal's to see. */
  | { readonly kind: "not_found" };

/** One statement; throws what the driver throws. */
export async function readBilling(
  sql: postgres.Sql,
  principal: Principal,
  workspaceId: string,
): Promise<ReadBillingResult> {
  if (principal.workspaceId !== null && principal.workspaceId !== workspaceId) return { kind: "not_found" };
  const [row] = await sql.unsafe<ViewRow[]>(viewSql, [workspaceId, principal.userId], { prepare: true });
  if (row === undefined) return { kind: "not_found" };
  const owner = payerOwnerOf(row);
  return owner === null ? { kind: "unpaid" } : { kind: "ok", view: viewOf(row, owner, principal) };
}

function viewOf(row: ViewRow, owner: PayerOwner, principal: Principal): BillingView {
  const text = { ownerId: owner.id, subscriptions: row.subscriptions, usage: "", memberCap: null };
  const { subscription } = standingOf(text, row.now_ms);
  return {
    plan: subscription?.plan ?? "free",
    isFromOrganization: subscription?.source === "organization",
    own: ownPlanOf(row),
    given: row.given_plan,
    blockedReason: row.blocked_reason,
    mayManage: mayManage(principal, owner, row.role),
    isCustomer: row.is_customer,
  };
}

const viewSql = /* sql */ `
SELECT extract(epoch FROM now())::float8 * 1000 AS now_ms, py.user_id, py.organization_id, py.blocked_reason,
       py.stripe_customer_id IS NOT NULL AS is_customer, m.role, ${subscriptionsOfPayer} AS subscriptions,
       ${givenPlanOfPayer} AS given_plan,
       s.plan, s.seats, s.status, s.stripe_subscription_id IS NOT NULL AS is_stripes,
       extract(epoch FROM s.period_end)::float8 * 1000 AS period_end_ms, s.cancels_at_period_end
  FROM workspaces ws
  JOIN workspace_permissions p ON p.workspace_id = ws.id AND p.user_id = $2
  LEFT JOIN payers py ON py.id = ws.payer_id
  LEFT JOIN members m ON m.organization_id = py.organization_id AND m.user_id = $2
  LEFT JOIN LATERAL (
    SELECT * FROM subscriptions s
     WHERE s.owner_id = coalesce(py.user_id, py.organization_id) AND s.status IN ('active', 'past_due')
     ORDER BY array_position(ARRAY['enterprise', 'team', 'pro'], s.plan), s.created_at, s.id
     LIMIT 1
  ) s ON true
 WHERE ws.id = $1`;

interface ViewRow {
  now_ms: number;
  user_id: string | null;
  organization_id: string | null;
  blocked_reason: BillingView["blockedReason"];
  is_customer: boolean;
  role: string | null;
  subscriptions: string;
  given_plan: PaidPlan | null;
  plan: PaidPlan | null;
  seats: number | null;
  status: string | null;
  is_stripes: boolean;
  period_end_ms: number | null;
  cancels_at_period_end: boolean | null;
}

function ownPlanOf(row: ViewRow): OwnPlan | null {
  const { plan, seats, status, is_stripes, period_end_ms, cancels_at_period_end } = row;
  if (plan === null || seats === null || period_end_ms === null) return null;
  return {
    plan,
    seats,
    isPastDue: status === "past_due",
    setBy: is_stripes ? "stripe" : "operator",
    periodEndAt: period_end_ms,
    cancelsAtPeriodEnd: cancels_at_period_end === true,
  };
}
