import type { BillingConfig } from "@gantry/billing";
import { isProviderId } from "@gantry/providers";
import type { Plan } from "@gantry/workflow";
import type { WorstCostOf } from "../admission/run-cost.ts";

/** What the model calls of one run can cost, in micro-dollars, base charge not included. */
export type RunCost =
  | { readonly kind: "bounded"; readonly worstMicros: number }
  /** Prompts depend on data, so each call is bounded before it is made. */
  | {
      readonly kind: "per_call";
      /** What a run holds for its calls when it starts; null where billing is off. */
      readonly firstHoldMicros: number | null;
    };

/** The same bound that admission holds money by, told beforehand. */
export function boundRun(
  deps: { readonly worstCost: WorstCostOf; readonly billing: BillingConfig },
  plan: Plan,
  ownKeys: ReadonlySet<string>,
): RunCost {
  const worstMicros = deps.worstCost(plan, new Set([...ownKeys].filter(isProviderId)));
  if (worstMicros !== null) return { kind: "bounded", worstMicros };
  const { enabled, holdSliceMicros } = deps.billing;
  return { kind: "per_call", firstHoldMicros: enabled ? holdSliceMicros : null };
}
