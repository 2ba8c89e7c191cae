import { describe, expect, test } from "vitest";
import { explainHeadline } from "./explain-words.ts";

describe("the answer of Explain in a sentence", () => {
  test("counts the runs beside this one", () => {
    expect(explainHeadline(null, 1_000)).toBe("This run would start now. 999 more like it could start.");
    expect(explainHeadline(null, 2)).toBe("This run would start now. 1 more like it could start.");
  });

  test("says when this run would be the last", () => {
    expect(explainHeadline(null, 1)).toBe("This run would start now. No more like it could start beside it.");
  });

  test("counts nothing where nothing is limited", () => {
    expect(explainHeadline(null, null)).toBe(
      "This run would start now. Nothing limits how many more like it could.",
    );
  });

  test("promises nothing to a run that would be refused", () => {
    const refusal = {
      code: "RATE_LIMITED",
      status: 429,
      message: "",
      numbers: {},
      retryable: true,
      retryAfterMs: 1,
    } as const;
    expect(explainHeadline(refusal, 0)).toBe("This run would be refused now.");
  });
});
