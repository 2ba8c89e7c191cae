import type { Chance } from "./chance.ts";
import type { SimulatedPayer } from "./payer.ts";

/** Another plan, an operator's override, a member's cap, or a new period: whatever the next claim's facts would say. */
export function changeLimits(chance: Chance, payer: SimulatedPayer): void {
  switch (chance.weighted({ plan: 1, slots: 1, money: 1, bucket: 1, member: 2, period: 1 })) {
    case "plan":
      payer.concurrentRunsMax = chance.between(1, 8);
      payer.limitMicros = chance.between(100_000, 600_000);
      payer.capacity = chance.between(1, 4);
      payer.tokensPerTick = chance.pick([0.5, 0.5, 1]);
      return;
    case "slots":
      payer.concurrentRunsMax = chance.odds(0.1) ? null : chance.between(0, 8);
      return;
    case "money":
      payer.limitMicros = chance.odds(0.1) ? null : chance.between(chance.odds(0.3) ? 0 : 150_000, 600_000);
      return;
    case "bucket":
      payer.capacity = chance.odds(0.1) ? null : chance.between(1, 4);
      return;
    case "member": {
      const userId = chance.pick(payer.userIds);
      if (!payer.isOrganization) return;
      if (chance.odds(0.15)) payer.memberLimitMicros.delete(userId);
      else payer.memberLimitMicros.set(userId, chance.between(0, 160_000));
      return;
    }
    case "period":
      payer.periodStart = nextMonth(payer.periodStart);
      return;
  }
}

function nextMonth(periodStart: string): string {
  const next = new Date(periodStart);
  next.setUTCMonth(next.getUTCMonth() + 1);
  return next.toISOString();
}
