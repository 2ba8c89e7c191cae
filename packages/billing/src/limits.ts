import type { BillingConfig, PlanName } from "./plans.ts";

/** The subscription that decides a payer's plan, as the lookup found it. */
export interface Subscription {
  readonly plan: Exclude<PlanName, "free">;
  readonly seats: number;
  /** `own`: the payer's. `organization`: of an organization that the paying user belongs to. */
  readonly source: "own" | "organization";
}

/** Numbers that an operator set for one payer; null leaves the plan's. */
export interface PayerOverrides {
  readonly usageLimitMicros: number | null;
  readonly syncRunsPerMinute: number | null;
  readonly asyncRunsPerMinute: number | null;
  readonly concurrentRunsMax: number | null;
}

export interface Bucket {
  readonly perMinute: number;
  /** Twice the rate: a minute's pause buys a burst of two minutes' runs. */
  readonly capacity: number;
}

/** What holds for one payer now. */
export interface Limits {
  readonly plan: PlanName;
  /** Null: without limit (billing is off). */
  readonly usageLimitMicros: number | null;
  readonly sync: Bucket | null;
  readonly async: Bucket | null;
  readonly concurrentRunsMax: number | null;
  readonly syncDeadlineMs: number;
  readonly asyncDeadlineMs: number;
}

/**
 * The limits of a payer from its plan, its kind and what an operator set.
 *
 * Money: free and pro give their amount, or the operator's instead. A team gives max(operator's, seats x amount); an
 * enterprise exactly the operator's, and nothing until one is set. A user who pays for a personal workspace and takes
 * the plan from an organization keeps that plan's rates and concurrency, but pools no money with it: the amount is
 * that of one seat (enterprise: of pro).
 */
export function limitsOf(
  config: BillingConfig,
  subscription: Subscription | null,
  overrides: PayerOverrides,
): Limits {
  const name: PlanName = subscription?.plan ?? "free";
  const plan = config.plans[name];
  const deadlines = { syncDeadlineMs: plan.syncDeadlineMs, asyncDeadlineMs: plan.asyncDeadlineMs };
  if (!config.enabled) {
    return {
      plan: name,
      usageLimitMicros: null,
      sync: null,
      async: null,
      concurrentRunsMax: null,
      ...deadlines,
    };
  }
  return {
    plan: name,
    usageLimitMicros: usageLimit(config, subscription, overrides.usageLimitMicros),
    sync: bucket(overrides.syncRunsPerMinute ?? plan.syncRunsPerMinute),
    async: bucket(overrides.asyncRunsPerMinute ?? plan.asyncRunsPerMinute),
    concurrentRunsMax: overrides.concurrentRunsMax ?? plan.concurrentRunsMax,
    ...deadlines,
  };
}

function bucket(perMinute: number): Bucket {
  return { perMinute, capacity: perMinute * 2 };
}

function usageLimit(
  config: BillingConfig,
  subscription: Subscription | null,
  override: number | null,
): number {
  const plan: PlanName = subscription?.plan ?? "free";
  const amount = config.plans[plan].usageLimitMicros;
  if (subscription?.source === "organization") {
    return override ?? amount ?? config.plans.pro.usageLimitMicros ?? 0;
  }
  switch (plan) {
    case "free":
    case "pro":
      return override ?? amount ?? 0;
    case "team":
      return Math.max(override ?? 0, (amount ?? 0) * (subscription?.seats ?? 1));
    case "enterprise":
      return override ?? amount ?? 0;
  }
}
