import type { RunCost } from "../../api/types.ts";
import { formatMoney } from "../../ui/format.ts";

/** What the model calls of one run can cost, before there is a run. */
export function runCostSentence(cost: RunCost): string {
  if (cost.kind === "per_call") {
    const hold = cost.firstHoldMicros === null ? "" : ` (first hold ${formatMoney(cost.firstHoldMicros)})`;
    return `What models read depends on data: each call is bounded before it is made${hold}`;
  }
  return cost.worstMicros === 0
    ? "A run pays for no model calls"
    : `A run can cost at most ${formatMoney(cost.worstMicros)} in model calls`;
}
