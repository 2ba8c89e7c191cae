import { limitsOf } from "@gantry/billing";
import { type Gate, pass } from "./gate.ts";

/** Refuses when what is settled leaves no room for one more run, whatever is held: waiting cannot help then. */
export const usageGate: Gate = {
  name: "usage",
  judge: ({ facts, billing }) => {
    if (!billing.enabled) return { verdict: "not_required", numbers: { reason: "billing_off" } };
    const { payer } = facts;
    if (payer === null) throw new Error("The usage gate was asked without a payer.");
    const limits = limitsOf(billing, payer.subscription, payer.overrides);
    const numbers = {
      settledMicros: payer.settledMicros,
      limitMicros: limits.usageLimitMicros,
      neededMicros: billing.baseChargeMicros,
      plan: limits.plan,
      resetAt: payer.period.endAt,
    };
    const isOver = (settled: number, limit: number | null) =>
      limit !== null && settled + billing.baseChargeMicros > limit;

    if (isOver(payer.settledMicros, limits.usageLimitMicros)) {
      return { verdict: "refuse", code: "USAGE_LIMIT_EXCEEDED", numbers };
    }
    if (payer.memberCap === null) return pass(numbers);
    const member = {
      ...numbers,
      memberSettledMicros: payer.memberCap.settledMicros,
      memberLimitMicros: payer.memberCap.limitMicros,
    };
    return isOver(payer.memberCap.settledMicros, payer.memberCap.limitMicros)
      ? { verdict: "refuse", code: "MEMBER_LIMIT_EXCEEDED", numbers: member }
      : pass(member);
  },
};
