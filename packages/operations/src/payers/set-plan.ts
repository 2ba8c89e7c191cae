import { type PayerPlan, type PlanName, setPlan as setPlanOf } from "@gantry/billing";
import { changeAccount } from "../accounts/change-account.ts";
import type { Account, Actor, Forbidden, OperationsDeps } from "../deps.ts";

export interface SetPlanRequest {
  readonly account: Account;
  readonly plan: PlanName;
  /** Counts for a team alone. */
  readonly seats: number;
  /** Instead of the plan's; null: the plan's own. */
  readonly usageLimitMicros: number | null;
}

export type SetPlanResult =
  | { readonly kind: "ok"; readonly before: PayerPlan; readonly after: PayerPlan }
  | { readonly kind: "not_found" }
  /** An enterprise may use exactly its own limit: without one, nothing. */
  | { readonly kind: "limit_needed" }
  /** Stripe takes money for the present plan: it is changed there. */
  | { readonly kind: "paid_through_stripe" }
  | Forbidden;

/** Replaces the account's own subscription and its usage limit. A period of a month begins now, with nothing used. */
export function setPlan(
  deps: Pick<OperationsDeps, "sql" | "newId">,
  actor: Actor,
  { account, plan, seats, usageLimitMicros }: SetPlanRequest,
): Promise<SetPlanResult> {
  return changeAccount(deps, actor, account, "payer.plan", async (tx) => {
    if (plan === "enterprise" && usageLimitMicros === null) return { kind: "limit_needed" } as const;
    const wanted = { owner: account, plan, seats: plan === "team" ? seats : 1, usageLimitMicros };
    const changed = await setPlanOf(tx, wanted, deps.newId);
    return changed.kind === "changed" ? { before: changed.before, after: changed.after } : changed;
  });
}
