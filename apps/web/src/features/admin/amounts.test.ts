import { describe, expect, test } from "vitest";
import { countOf, dollarsText, microsOf } from "./amounts.ts";

describe("an amount", () => {
  test.each([0, 1, 5_000, 250_000_000, 1_234_567_891, 999_999_999_999_999])(
    "of %d micro-dollars is the same after it was shown in a field",
    (micros) => {
      expect(microsOf(dollarsText(micros))).toBe(micros);
    },
  );

  test("is none where the field is empty, and nothing where it says 0", () => {
    expect([microsOf(""), countOf(""), dollarsText(null)]).toEqual([null, null, ""]);
    expect([microsOf("0"), countOf("0")]).toEqual([0, 0]);
  });
});
