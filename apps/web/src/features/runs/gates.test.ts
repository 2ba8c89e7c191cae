import { describe, expect, test } from "vitest";
import { everyGate, gateOrder, gateSentence } from "./gates.ts";

describe("a gate's numbers in words", () => {
  test("usage says what is used of what limit", () => {
    const numbers = { settledMicros: 1_200_000, limitMicros: 5_000_000, neededMicros: 5_000, plan: "free" };
    expect(gateSentence({ gate: "usage", verdict: "pass", numbers })).toBe("$1.20 used of $5.00");
  });

  test("usage of a member adds the member's own cap", () => {
    const numbers = {
      settledMicros: 1_200_000,
      limitMicros: 5_000_000,
      memberSettledMicros: 1_000_000,
      memberLimitMicros: 1_000_000,
    };
    expect(gateSentence({ gate: "usage", verdict: "refuse", code: "MEMBER_LIMIT_EXCEEDED", numbers })).toBe(
      "$1.20 used of $5.00; $1.00 used by you of your $1.00",
    );
  });

  test("rate says how many tokens are left", () => {
    const numbers = { counter: "sync", remaining: 98, capacity: 100, perMinute: 50 };
    expect(gateSentence({ gate: "rate", verdict: "pass", numbers })).toBe(
      "98 of 100 tokens left, 50 more per minute",
    );
  });

  test("concurrency says how many slots are free, never fewer than none", () => {
    expect(gateSentence({ gate: "concurrency", verdict: "pass", numbers: { inUse: 1, limit: 10 } })).toBe(
      "9 of 10 slots free",
    );
    expect(
      gateSentence({
        gate: "concurrency",
        verdict: "refuse",
        code: "CONCURRENCY_LIMIT",
        numbers: { inUse: 12, limit: 10 },
      }),
    ).toBe("0 of 10 slots free");
  });

  test("a gate that billing switches off says so", () => {
    expect(gateSentence({ gate: "hold", verdict: "not_required", numbers: { reason: "billing_off" } })).toBe(
      "Billing is off: no limits",
    );
  });

  test("a stored verdict without its numbers is still a sentence", () => {
    for (const gate of gateOrder) {
      expect(gateSentence({ gate, verdict: "pass", numbers: {} })).not.toMatch(/undefined|NaN|null of/);
    }
  });
});

test("all ten gates are shown in order, however short the decision is", () => {
  const gates = everyGate([{ gate: "principal", verdict: "refuse", code: "UNAUTHENTICATED", numbers: {} }]);
  expect(gates.map((gate) => gate.gate)).toEqual(gateOrder);
  expect(gates.slice(1).every((gate) => gate.verdict === "not_reached")).toBe(true);
});
