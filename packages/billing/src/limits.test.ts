import { expect, test } from "vitest";
import { limitsOf, type Subscription } from "./limits.ts";
import { defaultBilling } from "./plans.ts";

const none = {
  usageLimitMicros: null,
  syncRunsPerMinute: null,
  asyncRunsPerMinute: null,
  concurrentRunsMax: null,
};

function usage(subscription: Subscription | null, usageLimitMicros: number | null = null) {
  return limitsOf(defaultBilling, subscription, { ...none, usageLimitMicros }).usageLimitMicros;
}

const own = (plan: Subscription["plan"], seats = 1): Subscription => ({
  plan,
  seats,
  source: "own",
  own: null,
});
const borrowed = (
  plan: Subscription["plan"],
  seats = 1,
  besides: Subscription["own"] = null,
): Subscription => ({ plan, seats, source: "organization", own: besides });

test("free and pro give their amount, or the operator's instead", () => {
  expect([usage(null), usage(null, 1)]).toEqual([5_000_000, 1]);
  expect([usage(own("pro")), usage(own("pro"), 70_000_000)]).toEqual([30_000_000, 70_000_000]);
});

test("a team has the greater of the organization's limit and its seats", () => {
  expect(usage(own("team", 4))).toBe(120_000_000);
  expect(usage(own("team", 4), 500_000_000)).toBe(500_000_000);
  expect(usage(own("team", 4), 1)).toBe(120_000_000);
});

test("a limit of seats tells how many there are and what each gives; no other limit does", () => {
  const seats = (subscription: Subscription | null, usageLimitMicros: number | null = null) =>
    limitsOf(defaultBilling, subscription, { ...none, usageLimitMicros }).seats;
  expect(seats(own("team", 3))).toEqual({ count: 3, eachMicros: 30_000_000 });
  expect([
    seats(own("team", 3), 500_000_000),
    seats(borrowed("team", 3)),
    seats(own("pro")),
    seats(null),
  ]).toEqual([null, null, null, null]);
});

test("an enterprise has exactly the organization's limit, and nothing until one is set", () => {
  expect([usage(own("enterprise"), 1), usage(own("enterprise"))]).toEqual([1, 0]);
});

test("a plan taken from an organization gives a personal payer one seat's money, not the pool", () => {
  expect(usage(borrowed("team", 50))).toBe(30_000_000);
  expect(usage(borrowed("enterprise", 50))).toBe(30_000_000);
});

test("a plan taken from an organization takes nothing away from what the payer pays for", () => {
  const beside = (plan: Subscription["plan"], seats = 1) => borrowed("enterprise", 50, { plan, seats });
  expect([usage(beside("pro")), usage(beside("team", 4))]).toEqual([30_000_000, 120_000_000]);
  // An own enterprise without a limit gives nothing; the seat does.
  expect(usage(beside("enterprise"))).toBe(30_000_000);
  // The operator's word holds as it does for each of the two.
  expect([usage(beside("pro"), 7), usage(beside("team", 4), 7)]).toEqual([7, 120_000_000]);
  expect([usage(beside("enterprise"), 7), usage(beside("team", 4), 500_000_000)]).toEqual([7, 500_000_000]);
  const { plan, sources, seats, concurrentRunsMax } = limitsOf(defaultBilling, beside("team", 4), none);
  expect({ plan, sources, seats, concurrentRunsMax }).toEqual({
    plan: "enterprise",
    sources: {
      usageLimit: "seats",
      sync: "organization_plan",
      async: "organization_plan",
      concurrentRuns: "organization_plan",
    },
    seats: { count: 4, eachMicros: 30_000_000 },
    concurrentRunsMax: 1_000,
  });
});

test("a bucket holds twice its rate, and an operator may set every number", () => {
  expect(limitsOf(defaultBilling, null, none)).toMatchObject({
    plan: "free",
    sync: { perMinute: 50, capacity: 100 },
    async: { perMinute: 200, capacity: 400 },
    concurrentRunsMax: 10,
  });
  const overrides = { ...none, syncRunsPerMinute: 7, asyncRunsPerMinute: 8, concurrentRunsMax: 9 };
  expect(limitsOf(defaultBilling, null, overrides)).toMatchObject({
    sync: { perMinute: 7, capacity: 14 },
    async: { perMinute: 8, capacity: 16 },
    concurrentRunsMax: 9,
  });
});

test("with billing off there is no limit at all, whatever the plan", () => {
  for (const subscription of [null, own("pro"), own("team")]) {
    expect(limitsOf({ ...defaultBilling, enabled: false }, subscription, none)).toMatchObject({
      usageLimitMicros: null,
      sync: null,
      async: null,
      concurrentRunsMax: null,
    });
  }
});
