import { type OwnSubscription, type PayerPlan, type PlanChange, setPlan } from "@gantry/billing";
import type { Database } from "@gantry/db";
import { v7 as uuidv7 } from "uuid";
import { OperatorError } from "../database/operator-error.ts";
import { dollars } from "../dollars.ts";

/** Prints what held before and what holds now. Throws `OperatorError` when there is no such user or organization. */
export async function planSet(
  sql: Database["sql"],
  change: PlanChange,
  print: (line: string) => void,
): Promise<0> {
  const changed = await setPlan(sql, change, uuidv7);
  if (!changed.ok) {
    throw new OperatorError(
      "email" in change.owner
        ? `There is no user with the email ${change.owner.email}.`
        : `There is no organization with the slug ${change.owner.slug}.`,
    );
  }
  print(`before  ${planLine(changed.before)}`);
  print(`after   ${planLine(changed.after)}`);
  return 0;
}

function planLine({ subscriptions, usageLimitMicros }: PayerPlan): string {
  const plans = subscriptions.length === 0 ? "free" : subscriptions.map(subscriptionText).join("; ");
  return `${plans}  limit ${usageLimitMicros === null ? "of the plan" : `set to ${dollars(usageLimitMicros)}`}`;
}

function subscriptionText({ plan, seats, periodStart, periodEnd }: OwnSubscription): string {
  const counted = plan === "team" ? `, ${seats} ${seats === 1 ? "seat" : "seats"}` : "";
  return `${plan}${counted}, ${periodStart} to ${periodEnd}`;
}
