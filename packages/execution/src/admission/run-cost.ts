import { promptBytesOf, worstCost } from "@gantry/billing";
import type { ModelProvider, ProviderId } from "@gantry/providers";
import type { Plan } from "@gantry/workflow";

/** The most that a call of a provider can cost, in micro-dollars. */
export type CallBound = (provider: ProviderId, call: Parameters<ModelProvider["boundMicros"]>[0]) => number;

/**
 * The most that the priced blocks of one run can cost, in micro-dollars, from the plan alone; null when a prompt depends
 * on data, so that only the call itself can be bounded. Calls that the workspace's or the organization's own key pays
 * for cost nothing.
 *
 * Kept as long as the plan itself: a plan never changes, and 200 blocks would be walked again for every run.
 */
export type WorstCostOf = (plan: Plan, ownKeys: ReadonlySet<ProviderId>) => number | null;

export function createWorstCost(boundMicros: CallBound): WorstCostOf {
  const known = new WeakMap<Plan, Map<string, number | null>>();
  return (plan, ownKeys) => {
    const perKeys = known.get(plan) ?? new Map<string, number | null>();
    known.set(plan, perKeys);
    const keys = [...ownKeys].sort().join(",");
    const before = perKeys.get(keys);
    if (before !== undefined) return before;
    const worst = worstCost(plan, (block, { provider, model }) => {
      if (ownKeys.has(provider)) return 0;
      const promptBytes = promptBytesOf(plan, block);
      if (promptBytes === null) return null;
      const { maxTokens } = block.block;
      return boundMicros(provider, { model, source: "platform", promptBytes, maxTokens });
    });
    perKeys.set(keys, worst);
    return worst;
  };
}
