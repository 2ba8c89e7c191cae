import type { Usage } from "../../api/types.ts";
import { limitSource } from "../../limits/limit-source.ts";
import { formatDay, plural } from "../../ui/format.ts";

type Origins = Pick<Usage, "billingEnabled" | "sources" | "plan" | "seats">;

/** Where the period's limit comes from and when it begins anew. */
export function periodSentence(usage: Origins & Pick<Usage, "period">): string | undefined {
  const source = sourceOf(usage, "usageLimit");
  const limit = source === null ? [] : [`Limit: ${source}.`];
  const reset = usage.period === null ? [] : [`Resets on ${formatDay(usage.period.endAt)}.`];
  return [...limit, ...reset].join(" ") || undefined;
}

/** Where one of the limits comes from; null where nobody pays, or nothing is limited. */
export function sourceOf(
  { billingEnabled, sources, plan, seats }: Origins,
  limit: keyof NonNullable<Usage["sources"]>,
): string | null {
  if (!billingEnabled || sources === null) return null;
  return limitSource({ source: sources[limit], plan, seats });
}

/** How many more runs the limits leave room for. Null where there are none, or nobody pays. */
export function roomSentence({ payer, couldStart }: Pick<Usage, "payer" | "couldStart">): string | null {
  if (payer === null || couldStart === null) return null;
  return couldStart === 0
    ? "The limits leave no room for a run that needs its full first hold."
    : `The limits leave room for at least ${plural(couldStart, "more run")} now.`;
}
