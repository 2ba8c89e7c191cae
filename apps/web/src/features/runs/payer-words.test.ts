import { describe, expect, test } from "vitest";
import { payerWords } from "./payer-words.ts";

const payer = {
  payerId: "p",
  kind: "organization",
  plan: "team",
  planSource: "own",
  userId: "u",
  period: {
    start: "2026-11-01T12:00:00.000Z",
    startAt: Date.UTC(2026, 10, 1, 12),
    endAt: Date.UTC(2026, 11, 1, 12),
  },
  limits: { usageLimitMicros: 90_000_000, sync: null, async: null, concurrentRunsMax: 200 },
  memberLimitMicros: null,
} as const;

describe("who paid for a run", () => {
  test("is named with plan, period and limit of that time", () => {
    expect(payerWords(payer, "Acme")).toEqual({
      who: "Acme, organization",
      plan: "team",
      period: "Nov 1, 2026 to Dec 1, 2026",
      limit: "$90.00",
    });
  });

  test("has a cap beside the limit for a capped member", () => {
    expect(payerWords({ ...payer, memberLimitMicros: 1_000_000 }, "Acme").limit).toBe(
      "$90.00, $1.00 of it for who started the run",
    );
  });

  test("says where a personal account had its plan from", () => {
    const words = payerWords({ ...payer, kind: "user", planSource: "organization" }, "Ada");
    expect([words.who, words.plan]).toEqual(["Ada, personal account", "team, from an organization"]);
  });

  test("is told without a name where that is not known any more", () => {
    expect(payerWords(payer, null).who).toBe("An organization that paid then");
    expect(payerWords({ ...payer, kind: "user" }, null).who).toBe("An account that paid then");
  });

  test("had no limit where billing was off", () => {
    const limits = { ...payer.limits, usageLimitMicros: null };
    expect(payerWords({ ...payer, limits }, "Acme").limit).toBe("None: billing was off");
  });
});
