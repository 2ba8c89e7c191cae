import { describe, expect, test } from "vitest";
import { gateDetails } from "./gate-details.ts";

const resetAt = Date.UTC(2026, 11, 1, 12);

describe("behind a gate's numbers", () => {
  test("the limit's source, its end and the room are told", () => {
    const numbers = { neededMicros: 5_000, plan: "free", source: "plan", resetAt, couldStart: 999 };
    expect(gateDetails({ gate: "usage", verdict: "pass", numbers })).toEqual([
      "from the free plan",
      "resets on Dec 1, 2026",
      "room for 999 runs of $0.005",
    ]);
  });

  test("a hold counts with what the run may spend, a bucket and slots with runs", () => {
    const money = { settledMicros: 900_000, heldMicros: 10_000, limitMicros: 1_000_000 };
    const hold = { ...money, holdMicros: 55_000, source: "operator", plan: "pro", resetAt, couldStart: 1 };
    expect(gateDetails({ gate: "hold", verdict: "pass", numbers: hold })).toEqual([
      "$0.09 of $1.00 free",
      "set by an operator for this account",
      "room for 1 run of $0.055",
    ]);
    const slots = { source: "organization_plan", plan: "team", couldStart: 10 };
    expect(gateDetails({ gate: "concurrency", verdict: "pass", numbers: slots })).toEqual([
      "from the team plan of an organization",
      "room for 10 such runs",
    ]);
  });

  test("a limit of seats says how many there are", () => {
    const numbers = { source: "seats", plan: "team", seats: 3, seatMicros: 30_000_000, couldStart: null };
    expect(gateDetails({ gate: "hold", verdict: "pass", numbers })).toEqual(["3 seats × $30.00"]);
  });

  test("a gate that refuses tells its source and promises no room", () => {
    const numbers = { source: "operator", couldStart: 0 };
    expect(
      gateDetails({ gate: "concurrency", verdict: "refuse", code: "CONCURRENCY_LIMIT", numbers }),
    ).toEqual(["set by an operator for this account"]);
  });

  test("a gate that was not asked, and an older verdict, have none", () => {
    expect(
      gateDetails({ gate: "rate", verdict: "not_required", numbers: { reason: "profile", source: "plan" } }),
    ).toEqual([]);
    expect(gateDetails({ gate: "usage", verdict: "pass", numbers: { settledMicros: 1 } })).toEqual([]);
  });
});
