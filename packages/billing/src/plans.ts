export const planNames = ["free", "pro", "team", "enterprise"] as const;
export type PlanName = (typeof planNames)[number];

/** One plan's numbers. Money in micro-dollars; a bucket holds twice its rate. */
export interface Plan {
  /** Per period. Team: per seat. Enterprise: null, the organization's own limit is the only one. */
  readonly usageLimitMicros: number | null;
  readonly syncRunsPerMinute: number;
  readonly asyncRunsPerMinute: number;
  readonly concurrentRunsMax: number;
  readonly syncDeadlineMs: number;
  readonly asyncDeadlineMs: number;
}

/** Everything about money and limits that an operator may set. */
export interface BillingConfig {
  /** Off: no limits apply; the ledger is still written. */
  readonly enabled: boolean;
  readonly baseChargeMicros: number;
  /** The most that a run holds for its priced blocks when it starts; what it needs beyond is topped up before each call. */
  readonly holdSliceMicros: number;
  readonly plans: Readonly<Record<PlanName, Plan>>;
}

export const defaultPlans: Readonly<Record<PlanName, Plan>> = {
  free: {
    usageLimitMicros: 5_000_000,
    syncRunsPerMinute: 50,
    asyncRunsPerMinute: 200,
    concurrentRunsMax: 10,
    syncDeadlineMs: 300_000,
    asyncDeadlineMs: 5_400_000,
  },
  pro: {
    usageLimitMicros: 30_000_000,
    syncRunsPerMinute: 150,
    asyncRunsPerMinute: 1_000,
    concurrentRunsMax: 50,
    syncDeadlineMs: 3_000_000,
    asyncDeadlineMs: 5_400_000,
  },
  team: {
    usageLimitMicros: 30_000_000,
    syncRunsPerMinute: 300,
    asyncRunsPerMinute: 2_500,
    concurrentRunsMax: 200,
    syncDeadlineMs: 3_000_000,
    asyncDeadlineMs: 5_400_000,
  },
  enterprise: {
    usageLimitMicros: null,
    syncRunsPerMinute: 600,
    asyncRunsPerMinute: 5_000,
    concurrentRunsMax: 1_000,
    syncDeadlineMs: 3_000_000,
    asyncDeadlineMs: 5_400_000,
  },
};

export const defaultBilling: BillingConfig = {
  enabled: true,
  baseChargeMicros: 5_000,
  // A call of 4 KB and 1,000 tokens of answer to a $3/$15 model is bounded by $0.034: the usual run tops nothing up.
  holdSliceMicros: 50_000,
  plans: defaultPlans,
};
