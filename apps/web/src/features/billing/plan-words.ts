import type { Billing } from "../../api/types.ts";
import { formatDay, plural } from "../../ui/format.ts";

export type Plan = Billing["plan"];

export const planNames: Readonly<Record<Plan, string>> = {
  free: "Free",
  pro: "Pro",
  team: "Team",
  enterprise: "Enterprise",
};

/** Beside the plan's name: how many it is for. Null: it says that by itself. */
export function seatsNote({ plan, isFromOrganization, own }: Billing): string | null {
  return plan === "team" && !isFromOrganization && own !== null ? plural(own.seats, "seat") : null;
}

/** Where the plan comes from and until when it holds, in whole sentences. */
export function planSentences(billing: Billing): string[] {
  const { plan, isFromOrganization, own, sells } = billing;
  if (isFromOrganization) {
    const through = "It comes with an organization that this account belongs to.";
    if (own === null) return [through];
    return [through, `The account's own ${planNames[own.plan]} plan ${lasts(own)}`];
  }
  if (own !== null) return [capitalized(lasts(own))];
  return plan === "free" && sells === null ? ["An operator of this Gantry sets plans."] : [];
}

/** What follows on the name of the plan. */
function lasts({ setBy, cancelsAtPeriodEnd, periodEndAt }: NonNullable<Billing["own"]>): string {
  if (setBy === "operator") return "was set by an operator of this Gantry.";
  return `${cancelsAtPeriodEnd ? "ends" : "renews"} on ${formatDay(periodEndAt)}.`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export interface Trouble {
  readonly tone: "warn" | "bad";
  readonly sentence: string;
}

/** What is wrong with the payments. Null: nothing. */
export function paymentTrouble({ blockedReason, own }: Billing): Trouble | null {
  switch (blockedReason) {
    case "payment_failed":
      return {
        tone: "bad",
        sentence: "The payment failed. Runs are refused until the open invoice is paid.",
      };
    case "dispute":
      return { tone: "bad", sentence: "A payment is disputed. Runs are refused until that is settled." };
    case null:
      return own?.isPastDue === true
        ? {
            tone: "warn",
            sentence: "The last payment failed and will be tried again. Check the payment method.",
          }
        : null;
  }
}

export type Buyable = "pro" | "team";

const ranks: Readonly<Record<Plan, number>> = { free: 0, pro: 1, team: 2, enterprise: 3 };

/**
 * The plans that can be bought and would change something. Enterprise is agreed upon with an operator, and whoever is
 * blocked has something else to settle first.
 */
export function buyablePlans({ sells, given, mayManage, blockedReason }: Billing): Buyable[] {
  if (!mayManage || sells === null || blockedReason !== null) return [];
  const all: Buyable[] = ["pro", "team"];
  return all.filter((plan) => sells.includes(plan) && ranks[plan] > ranks[given ?? "free"]);
}
