import { describe, expect, test } from "vitest";
import { moneyFailure } from "./money-failure.ts";

const headroom = {
  code: "PAYER_HEADROOM",
  status: 402,
  message: "What is left of this period's usage limit is held by runs in progress.",
  numbers: { neededMicros: 34_000, settledMicros: 1_000_000, heldMicros: 3_980_000, limitMicros: 5_000_000 },
  retryable: true,
  retryAfterMs: 4_000,
} as const;

describe("a failure for money", () => {
  test("says what the call asked, what the limit is and what to do", () => {
    const notice = moneyFailure({ code: "PAYER_HEADROOM", message: "", retryable: true, refusal: headroom });
    expect(notice).toMatchObject({
      code: "402 PAYER_HEADROOM",
      message: headroom.message,
      retryAfterMs: 4_000,
      words: {
        asked: "To make one more model call, which needs $0.034 beyond what the run holds.",
        limit: "$1.00 is used and $3.98 is held of $5.00, this run included.",
        next: "Wait for a run in progress to give back what it does not need, or raise the limit.",
      },
    });
  });

  test("of a capped member tells the member's own numbers", () => {
    const numbers = {
      neededMicros: 34_000,
      memberSettledMicros: 900_000,
      memberHeldMicros: 90_000,
      memberLimitMicros: 1_000_000,
    };
    const refusal = { ...headroom, code: "MEMBER_LIMIT_EXCEEDED", numbers } as const;
    const notice = moneyFailure({ code: "MEMBER_LIMIT_EXCEEDED", message: "", retryable: false, refusal });
    expect(notice?.words.limit).toBe("You have used $0.90 and hold $0.09 of your $1.00, this run included.");
  });

  test("by the run's own limit tells that limit and how to get past it", () => {
    const message = "This call may cost up to $0.03, and $0.01 is left of the run's own limit of $0.02.";
    const error = { code: "RUN_COST_LIMIT", message, blockId: "a" } as const;
    expect(moneyFailure(error)).toMatchObject({
      code: "RUN_COST_LIMIT",
      words: { limit: message, next: "Run it again with a higher cost limit, or without one." },
    });
  });

  test("that could not be decided says that the call was not made", () => {
    const refusal = {
      ...headroom,
      code: "ADMISSION_UNAVAILABLE",
      status: 503,
      numbers: {},
    } as const;
    const notice = moneyFailure({ code: "ADMISSION_UNAVAILABLE", message: "", retryable: true, refusal });
    expect(notice?.words.limit).toContain("the call was not made");
  });

  test("is nothing that another failure is taken for", () => {
    expect(moneyFailure({ code: "PROVIDER_FAILED", message: "529", retryable: true })).toBeNull();
  });
});
