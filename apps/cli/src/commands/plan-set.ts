import type { OwnSubscription, PayerPlan } from "@gantry/billing";
import type { Database } from "@gantry/db";
import { type AccountName, findAccount, setPlan } from "@gantry/operations";
import { v7 as uuidv7 } from "uuid";
import type { PlanChange } from "../arguments/parse-command.ts";
import { OperatorError } from "../database/operator-error.ts";
import { dollars } from "../dollars.ts";

/** Prints what held before and what holds now. Throws `OperatorError` when it cannot be set. */
export async function planSet(
  sql: Database["sql"],
  { owner, ...change }: PlanChange,
  print: (line: string) => void,
): Promise<0> {
  const account = await findAccount(sql, owner);
  if (account === null) throw new OperatorError(noSuchOwner(owner));
  const changed = await setPlan({ sql, newId: uuidv7 }, "operator", { account, ...change });
  switch (changed.kind) {
    case "ok":
      print(`before  ${planLine(changed.before)}`);
      print(`after   ${planLine(changed.after)}`);
      return 0;
    case "not_found":
      throw new OperatorError(noSuchOwner(owner));
    case "forbidden":
      throw new Error("An operator may do this.");
    case "limit_needed":
      throw new OperatorError("An enterprise may use nothing without a limit: give it one with --limit.");
    case "paid_through_stripe":
      throw new OperatorError(`${account.handle} pays through Stripe: change or end the subscription there.`);
  }
}

function noSuchOwner(owner: AccountName): string {
  return "email" in owner
    ? `There is no user with the email ${owner.email}.`
    : `There is no organization with the slug ${owner.slug}.`;
}

function planLine({ subscriptions, usageLimitMicros }: PayerPlan): string {
  const plans = subscriptions.length === 0 ? "free" : subscriptions.map(subscriptionText).join("; ");
  return `${plans}  limit ${usageLimitMicros === null ? "of the plan" : `set to ${dollars(usageLimitMicros)}`}`;
}

function subscriptionText({ plan, seats, periodStart, periodEnd }: OwnSubscription): string {
  const counted = plan === "team" ? `, ${seats} ${seats === 1 ? "seat" : "seats"}` : "";
  return `${plan}${counted}, ${periodStart} to ${periodEnd}`;
}
