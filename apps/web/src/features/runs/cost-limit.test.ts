import { describe, expect, test } from "vitest";
import { parseCostLimit } from "./cost-limit.ts";

describe("a cost limit", () => {
  test.each([
    ["0.25", 250_000],
    ["$3", 3_000_000],
    [" .5 ", 500_000],
    ["1.", 1_000_000],
    ["0.000001", 1],
    ["0.29", 290_000],
    ["1234.567891", 1_234_567_891],
  ])("of %s dollars is exact in micro-dollars", (text, micros) => {
    expect(parseCostLimit(text)).toEqual({ kind: "limit", micros });
  });

  test("is none where nothing is typed", () => {
    expect([parseCostLimit(""), parseCostLimit("  ")]).toEqual([{ kind: "none" }, { kind: "none" }]);
  });

  test.each(["0", "0.00", "$", ".", "-1", "1,5", "1e3", "ten", "0.0000001", "99999999999999"])(
    "is not read from %s",
    (text) => {
      expect(parseCostLimit(text).kind).toBe("problem");
    },
  );
});
