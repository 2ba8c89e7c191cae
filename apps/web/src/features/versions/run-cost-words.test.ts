import { describe, expect, test } from "vitest";
import { runCostSentence } from "./run-cost-words.ts";

describe("what a run can cost", () => {
  test("is an amount where the definition bounds it", () => {
    expect(runCostSentence({ kind: "bounded", worstMicros: 40_000 })).toBe(
      "A run can cost at most $0.04 in model calls",
    );
    expect(runCostSentence({ kind: "bounded", worstMicros: 0 })).toBe("A run pays for no model calls");
  });

  test("is bounded call by call where what models read depends on data", () => {
    expect(runCostSentence({ kind: "per_call", firstHoldMicros: 50_000 })).toBe(
      "What models read depends on data: each call is bounded before it is made (first hold $0.05)",
    );
  });

  test("names no hold where billing is off", () => {
    expect(runCostSentence({ kind: "per_call", firstHoldMicros: null })).toBe(
      "What models read depends on data: each call is bounded before it is made",
    );
  });
});
