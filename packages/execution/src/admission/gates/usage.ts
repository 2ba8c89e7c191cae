import { limitsOf } from "@gantry/billing";
import { type Gate, pass } from "./gate.ts";

/** Refuses when what is settled leaves no room for one more run, whatever is held: waiting cannot help then. */
export const usageGate: Gate = {
  name: "usage",
  judge: ({ facts, billing }) => {
    if (!billing.enabled) return { verdict: "not_required", numbers: { reason: "billing_off" } };
    const { payer } = facts;
    if (payer === null) throw new Error("The usage gate was asked without a payer.");
    const { standing } = payer;
    const limits = limitsOf(billing, standing.subscription, payer.overrides);
    const numbers = {
      settledMicros: standing.settledMicros,
      limitMicros: limits.usageLimitMicros,
      neededMicros: billing.baseChargeMicros,
      plan: limits.plan,
      resetAt: standing.period.endAt,
    };
    const isOver = (settled: number, limit: number | null) =>
      limit !== null && settled + billing.baseChargeMicros > limit;

    if (isOver(standing.settledMicros, limits.usageLimitMicros)) {
      return { verdict: "refuse", code: "USAGE_LIMIT_EXCEEDED", numbers };
    }
    if (standing.memberCap === null) return pass(numbers);
    const member = {
      ...numbers,
      memberSettledMicros: standing.memberCap.settledMicros,
      memberLimitMicros: standing.memberCap.limitMicros,
    };
    return isOver(standing.memberCap.settledMicros, standing.memberCap.limitMicros)
      ? { verdict: "refuse", code: "MEMBER_LIMIT_EXCEEDED", numbers: member }
      : pass(member);
  },
};
