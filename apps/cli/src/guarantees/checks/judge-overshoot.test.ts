import { describe, expect, test } from "vitest";
import { broken, completed, refused, times } from "../testing.ts";
import { judgeMoney, judgeSlots, type MoneyHistory, type SlotHistory } from "./judge-overshoot.ts";

describe("slots", () => {
  const exact: SlotHistory = {
    asked: 50,
    slotsMax: 10,
    admitted: 10,
    inProgressMax: 10,
    refused: times(40, () => refused(429, "CONCURRENCY_LIMIT")),
  };
  const others = "the others";

  test("exactly as many as there are slots: it holds", () => {
    expect(broken(judgeSlots(exact))).toEqual([]);
  });

  test.each([
    { what: "one more is admitted", change: { admitted: 11, inProgressMax: 11 } },
    { what: "one more was in progress for a moment", change: { inProgressMax: 11 } },
    { what: "one less is admitted", change: { admitted: 9, inProgressMax: 9 } },
    { what: "nothing was in progress", change: { inProgressMax: 0 } },
  ])("$what: it does not", ({ change }) => {
    expect(broken(judgeSlots({ ...exact, ...change }))).toEqual(["50 runs at once, 10 slots"]);
  });

  test("a refusal of another kind, without Retry-After or without an answer is not what was promised", () => {
    const [, ...rest] = exact.refused;
    for (const odd of [refused(503, "ADMISSION_UNAVAILABLE"), refused(429, "CONCURRENCY_LIMIT", false)])
      expect(broken(judgeSlots({ ...exact, refused: [odd, ...rest] }))).toEqual([others]);
    expect(broken(judgeSlots({ ...exact, refused: rest }))).toEqual([others]);
  });
});

describe("money", () => {
  const exact: MoneyHistory = {
    limitMicros: 25_000,
    settledMicros: 25_000,
    answers: [
      ...times(5, (i) => completed(`r${i}`)),
      ...times(20, () => refused(402, "PAYER_HEADROOM")),
      ...times(25, () => refused(402, "USAGE_LIMIT_EXCEEDED")),
    ],
  };
  const exactly = (change: Partial<MoneyHistory>) => broken(judgeMoney("money", { ...exact, ...change }, 5));
  const bounded = (change: Partial<MoneyHistory>) =>
    broken(judgeMoney("money", { ...exact, ...change }, null));

  test("all of it spent and nothing over: it holds", () => {
    expect(exactly({})).toEqual([]);
    expect(bounded({ settledMicros: 20_000 })).toEqual([]);
  });

  test("a micro-dollar over the limit is one too many", () => {
    expect(exactly({ settledMicros: 25_001 })).toContain("money");
    expect(bounded({ settledMicros: 25_001 })).toContain("money");
  });

  test("money that was left over, or a run that failed, is not exact", () => {
    expect(exactly({ settledMicros: 20_000 })).toContain("money");
    expect(exactly({ answers: exact.answers.slice(1) })).toContain("how they ended");
  });

  test("nothing was refused, or little was spent: it was not shown", () => {
    expect(bounded({ answers: exact.answers.slice(0, 5) })).toContain("money");
    expect(bounded({ settledMicros: 12_500 })).toContain("money");
  });
});
