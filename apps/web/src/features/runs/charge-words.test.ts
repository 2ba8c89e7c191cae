import { describe, expect, test } from "vitest";
import { chargeDetails, chargeTitle, holdSentence } from "./charge-words.ts";

const call = {
  kind: "model",
  provider: "anthropic",
  model: "claude-haiku-4-5",
  inputTokens: 1_204,
  outputTokens: 1,
  amountMicros: 0,
} as const;

describe("a charge in words", () => {
  test("names the key, and that another key than the platform's is not charged", () => {
    const details = (keySource: "platform" | "workspace" | "organization") =>
      chargeDetails({ ...call, keySource });
    expect(details("platform")).toBe("1,204 tokens in, 1 token out · the platform's key");
    expect(details("workspace")).toMatch(/your workspace's own key: not charged$/);
    expect(details("organization")).toMatch(/your organization's own key: not charged$/);
  });
});

test("a charge is told by who was paid for what", () => {
  expect(chargeTitle(call)).toBe("Anthropic claude-haiku-4-5");
  expect(chargeTitle({ kind: "base", provider: null, model: null })).toBe("Base charge");
});

describe("a hold against the cost", () => {
  const after = (costMicros: number, isOver = true) =>
    holdSentence(
      { decision: [{ gate: "hold", verdict: "pass", numbers: { holdMicros: 55_000 } }], costMicros },
      isOver,
    );

  test("says what went back", () => {
    expect(after(6_200)).toBe("$0.055 was held at the start; $0.0488 of it went back.");
    expect(after(55_000)).toBe("$0.055 was held at the start, and all of it was spent.");
  });

  test("says that the run took more where it cost more", () => {
    expect(after(120_000)).toBe("$0.055 was held at the start, and more before the calls that needed it.");
  });

  test("says nothing as returned while the run goes on", () => {
    expect(after(5_000, false)).toBe("$0.055 was held at the start; $0.005 of it is spent so far.");
  });

  test("is not told where there was none", () => {
    expect(holdSentence({ decision: [], costMicros: 1 }, true)).toBeNull();
    expect(
      holdSentence(
        {
          decision: [{ gate: "hold", verdict: "not_required", numbers: { reason: "billing_off" } }],
          costMicros: 1,
        },
        true,
      ),
    ).toBeNull();
  });
});
