import type { BillingConfig, PlanName } from "./plans.ts";

/** The subscription that decides a payer's plan, as the lookup found it. */
export interface Subscription {
  readonly plan: Exclude<PlanName, "free">;
  readonly seats: number;
  /** `own`: the payer's. `organization`: of an organization that the paying user belongs to. */
  readonly source: "own" | "organization";
  /** The payer's own, where an organization's decides the plan. Null: none, or it is this one. */
  readonly own: OwnPlan | null;
}

/** What a payer itself pays for. */
type OwnPlan = Pick<Subscription, "plan" | "seats">;

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

/**
 * Where a limit comes from: the plan's number; the plan's number for each seat; the number that an operator set for this
 * payer; the plan of an organization that the paying user belongs to; or nowhere, because billing is off.
 */
export type LimitSource = "plan" | "seats" | "operator" | "organization_plan" | "billing_off";

/** What holds for one payer now. */
export interface Limits {
  readonly plan: PlanName;
  readonly sources: {
    readonly usageLimit: LimitSource;
    readonly sync: LimitSource;
    readonly async: LimitSource;
    readonly concurrentRuns: LimitSource;
  };
  /** What a usage limit whose source is `seats` is made of; null for every other. */
  readonly seats: { readonly count: number; readonly eachMicros: number } | null;
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
 * that of one seat (enterprise: of pro), or of the user's own subscription where that gives more.
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
    const off = "billing_off";
    return {
      plan: name,
      sources: { usageLimit: off, sync: off, async: off, concurrentRuns: off },
      seats: null,
      usageLimitMicros: null,
      sync: null,
      async: null,
      concurrentRunsMax: null,
      ...deadlines,
    };
  }
  const money = usageLimit(config, subscription, overrides.usageLimitMicros);
  const ofPlan = subscription?.source === "organization" ? "organization_plan" : "plan";
  const source = (override: number | null): LimitSource => (override === null ? ofPlan : "operator");
  return {
    plan: name,
    sources: {
      usageLimit: money.source,
      sync: source(overrides.syncRunsPerMinute),
      async: source(overrides.asyncRunsPerMinute),
      concurrentRuns: source(overrides.concurrentRunsMax),
    },
    seats: money.seats,
    usageLimitMicros: money.micros,
    sync: bucket(overrides.syncRunsPerMinute ?? plan.syncRunsPerMinute),
    async: bucket(overrides.asyncRunsPerMinute ?? plan.asyncRunsPerMinute),
    concurrentRunsMax: overrides.concurrentRunsMax ?? plan.concurrentRunsMax,
    ...deadlines,
  };
}

function bucket(perMinute: number): Bucket {
  return { perMinute, capacity: perMinute * 2 };
}

interface UsageLimit {
  readonly micros: number;
  readonly source: LimitSource;
  readonly seats: Limits["seats"];
}

function usageLimit(
  config: BillingConfig,
  subscription: Subscription | null,
  override: number | null,
): UsageLimit {
  if (subscription?.source !== "organization") return ownLimit(config, subscription, override);
  const seat = seatLimit(config, subscription, override);
  const own = subscription.own === null ? null : ownLimit(config, subscription.own, override);
  return own !== null && own.micros >= seat.micros ? own : seat;
}

/** One seat of a plan that is taken from an organization. */
function seatLimit(config: BillingConfig, { plan }: Subscription, override: number | null): UsageLimit {
  if (override !== null) return { micros: override, source: "operator", seats: null };
  const amount = config.plans[plan].usageLimitMicros ?? config.plans.pro.usageLimitMicros;
  return { micros: amount ?? 0, source: "organization_plan", seats: null };
}

function ownLimit(config: BillingConfig, own: OwnPlan | null, override: number | null): UsageLimit {
  const plan: PlanName = own?.plan ?? "free";
  const amount = config.plans[plan].usageLimitMicros ?? 0;
  const operators = (micros: number): UsageLimit => ({ micros, source: "operator", seats: null });
  switch (plan) {
    case "free":
    case "pro":
    case "enterprise":
      return override === null ? { micros: amount, source: "plan", seats: null } : operators(override);
    case "team": {
      const seats = { count: own?.seats ?? 1, eachMicros: amount };
      const micros = seats.count * seats.eachMicros;
      return override !== null && override > micros
        ? operators(override)
        : { micros, source: "seats", seats };
    }
  }
}
