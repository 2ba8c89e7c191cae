import type { AdminAccount } from "../../api/types.ts";
import { plural } from "../../ui/format.ts";

export const planLabels: Readonly<Record<AdminAccount["plan"], string>> = {
  free: "Free",
  pro: "Pro",
  team: "Team",
  enterprise: "Enterprise",
};

/** "Team, 4 seats", "Pro, through an organization". */
export function planText({ plan, subscription }: Pick<AdminAccount, "plan" | "subscription">): string {
  if (subscription === null) return planLabels[plan];
  if (subscription.source === "organization") return `${planLabels[plan]}, through an organization`;
  return plan === "team" ? `${planLabels.team}, ${plural(subscription.seats, "seat")}` : planLabels[plan];
}
