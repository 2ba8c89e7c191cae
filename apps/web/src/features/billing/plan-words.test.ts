import { describe, expect, test } from "vitest";
import type { Billing } from "../../api/types.ts";
import { buyablePlans, paymentTrouble, planSentences, seatsNote } from "./plan-words.ts";

const free: Billing = {
  plan: "free",
  isFromOrganization: false,
  own: null,
  given: null,
  blockedReason: null,
  mayManage: true,
  isCustomer: false,
  sells: ["pro", "team", "enterprise"],
};
const own = {
  plan: "team",
  seats: 3,
  isPastDue: false,
  setBy: "stripe",
  periodEndAt: new Date(2026, 11, 12, 12).getTime(),
  cancelsAtPeriodEnd: false,
} as const;
const team: Billing = { ...free, plan: "team", own, isCustomer: true };

describe("what is said about a plan", () => {
  test("when it renews or ends, where Stripe takes the money", () => {
    expect(planSentences(team)).toEqual(["Renews on Dec 12, 2026."]);
    expect(planSentences({ ...team, own: { ...own, cancelsAtPeriodEnd: true } })).toEqual([
      "Ends on Dec 12, 2026.",
    ]);
    expect(seatsNote(team)).toBe("3 seats");
  });

  test("who sets it, where nothing is sold or an operator did", () => {
    expect(planSentences({ ...free, sells: null })).toEqual(["An operator of this Gantry sets plans."]);
    expect(planSentences(free)).toEqual([]);
    const set = { ...team, own: { ...own, setBy: "operator" } } as const;
    expect(planSentences(set)).toEqual(["Was set by an operator of this Gantry."]);
  });

  test("that an organization gives it, without that organization's seats, and what goes on being paid", () => {
    const through = "It comes with an organization that this account belongs to.";
    const given = { ...team, isFromOrganization: true, given: "team", own: null } as const;
    expect([planSentences(given), seatsNote(given)]).toEqual([[through], null]);
    const pro = { ...own, plan: "pro" } as const;
    expect(planSentences({ ...given, own: pro })).toEqual([
      through,
      "The account's own Pro plan renews on Dec 12, 2026.",
    ]);
  });
});

describe("what is said about payments", () => {
  test("nothing while they are made, a warning while Stripe tries again, and why runs are refused", () => {
    expect(paymentTrouble(team)).toBeNull();
    expect(paymentTrouble({ ...team, own: { ...own, isPastDue: true } })?.tone).toBe("warn");
    for (const blockedReason of ["payment_failed", "dispute"] as const) {
      const trouble = paymentTrouble({ ...team, blockedReason });
      expect(trouble).toMatchObject({ tone: "bad", sentence: expect.stringContaining("Runs are refused") });
    }
  });
});

describe("what can be bought", () => {
  test("pro and team, where they are sold and would change something, by who may", () => {
    expect(buyablePlans(free)).toEqual(["pro", "team"]);
    expect(buyablePlans({ ...free, sells: ["team"] })).toEqual(["team"]);
    expect(buyablePlans({ ...free, given: "pro" })).toEqual(["team"]);
    expect(buyablePlans({ ...free, given: "enterprise" })).toEqual([]);
    expect(buyablePlans({ ...free, mayManage: false })).toEqual([]);
    expect(buyablePlans({ ...free, sells: null })).toEqual([]);
    expect(buyablePlans({ ...free, blockedReason: "payment_failed" })).toEqual([]);
  });
});
