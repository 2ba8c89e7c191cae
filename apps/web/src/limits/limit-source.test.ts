import { describe, expect, test } from "vitest";
import { limitSource } from "./limit-source.ts";

const from = (source: string | null) => limitSource({ source, plan: "pro", seats: null });

describe("where a limit comes from", () => {
  test("is said for every source", () => {
    expect(["plan", "operator", "organization_plan", "billing_off"].map(from)).toEqual([
      "from the pro plan",
      "set by an operator for this account",
      "from the pro plan of an organization",
      "billing is off",
    ]);
  });

  test("names the seats and what each gives", () => {
    const seats = (count: number) => ({ count, eachMicros: 30_000_000 });
    const of = (count: number) => limitSource({ source: "seats", plan: "team", seats: seats(count) });
    expect([of(1), of(3)]).toEqual(["1 seat × $30.00", "3 seats × $30.00"]);
  });

  test("is left out where an older record does not say it", () => {
    expect([from(null), from("else"), limitSource({ source: "plan", plan: null, seats: null })]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
