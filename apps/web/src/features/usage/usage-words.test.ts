import { describe, expect, test } from "vitest";
import { periodSentence, roomSentence, sourceOf } from "./usage-words.ts";

const sources = { usageLimit: "seats", sync: "operator", async: "plan", concurrentRuns: "plan" } as const;
const seats = { count: 3, eachMicros: 30_000_000 };
const payer = { kind: "user", name: "Ada" } as const;

describe("the limits of the usage page", () => {
  test("say each where they come from", () => {
    const usage = { billingEnabled: true, sources, plan: "team", seats } as const;
    expect([sourceOf(usage, "usageLimit"), sourceOf(usage, "sync"), sourceOf(usage, "async")]).toEqual([
      "3 seats × $30.00",
      "set by an operator for this account",
      "from the team plan",
    ]);
  });

  test("say of the period's limit when it begins anew", () => {
    const period = { startAt: 0, endAt: Date.UTC(2026, 11, 1, 12) };
    const usage = { billingEnabled: true, sources, plan: "team", seats, period } as const;
    expect(periodSentence(usage)).toBe("Limit: 3 seats × $30.00. Resets on Dec 1, 2026.");
    expect(periodSentence({ ...usage, billingEnabled: false })).toBe("Resets on Dec 1, 2026.");
    expect(periodSentence({ ...usage, sources: null, period: null })).toBeUndefined();
  });

  test("say nothing where there are none", () => {
    expect(sourceOf({ billingEnabled: false, sources, plan: "team", seats }, "sync")).toBeNull();
    expect(sourceOf({ billingEnabled: true, sources: null, plan: null, seats: null }, "sync")).toBeNull();
  });

  test("say how many more runs there is room for", () => {
    expect(roomSentence({ payer, couldStart: 10 })).toBe(
      "The limits leave room for at least 10 more runs now.",
    );
    expect(roomSentence({ payer, couldStart: 1 })).toBe("The limits leave room for at least 1 more run now.");
    expect(roomSentence({ payer, couldStart: 0 })).toContain("no room");
    expect([roomSentence({ payer, couldStart: null }), roomSentence({ payer: null, couldStart: 0 })]).toEqual(
      [null, null],
    );
  });
});
