import { limitsOf } from "@gantry/billing";
import { howMany } from "../could-start.ts";
import { usageLimitNumbers } from "../limit-numbers.ts";
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
      neededMicros: billing.baseChargeMicros,
      ...usageLimitNumbers(limits),
      resetAt: standing.period.endAt,
    };
    const left = (limit: number | null, settled: number) => (limit === null ? null : limit - settled);
    const ofPayer = left(limits.usageLimitMicros, standing.settledMicros);
    const isOver = (settled: number, limit: number | null) =>
      limit !== null && settled + billing.baseChargeMicros > limit;

    if (isOver(standing.settledMicros, limits.usageLimitMicros)) {
      return { verdict: "refuse", code: "USAGE_LIMIT_EXCEEDED", numbers };
    }
    if (standing.memberCap === null) {
      return pass({ ...numbers, couldStart: howMany([ofPayer], billing.baseChargeMicros) });
    }
    const ofMember = left(standing.memberCap.limitMicros, standing.memberCap.settledMicros);
    const member = {
      ...numbers,
      couldStart: howMany([ofPayer, ofMember], billing.baseChargeMicros),
      memberSettledMicros: standing.memberCap.settledMicros,
      memberLimitMicros: standing.memberCap.limitMicros,
    };
    return isOver(standing.memberCap.settledMicros, standing.memberCap.limitMicros)
      ? { verdict: "refuse", code: "MEMBER_LIMIT_EXCEEDED", numbers: member }
      : pass(member);
  },
};
