import { describe, expect, test } from "vitest";
import { formatDuration, formatMoney, formatRelative, formatWait, plural } from "./format.ts";

describe("money", () => {
  test("shows cents with two decimals", () => {
    expect(formatMoney(1_200_000)).toBe("$1.20");
    expect(formatMoney(5_000_000)).toBe("$5.00");
    expect(formatMoney(10_000)).toBe("$0.01");
    expect(formatMoney(1_234_560_000)).toBe("$1,234.56");
  });

  test("never rounds a small charge down to nothing", () => {
    expect(formatMoney(5_000)).toBe("$0.005");
    expect(formatMoney(5_210)).toBe("$0.00521");
    expect(formatMoney(1)).toBe("$0.000001");
    expect(formatMoney(12_345)).toBe("$0.0123");
    expect(formatMoney(0)).toBe("$0");
  });
});

test("durations carry a unit that fits their size", () => {
  expect([0.4212, 3.14, 31.4, 240, 1_240, 12_340, 125_000, 3_780_000].map(formatDuration)).toEqual([
    "0.42 ms",
    "3.1 ms",
    "31 ms",
    "240 ms",
    "1.24 s",
    "12.3 s",
    "2 min 05 s",
    "1 h 03 min",
  ]);
});

test("a duration never shows 1000 ms or 60.0 s", () => {
  expect(formatDuration(999.7)).toBe("1.00 s");
  expect(formatDuration(59_999)).toBe("1 min 00 s");
});

test("a wait is never shorter than what is left", () => {
  expect([1, 900, 1_001, 59_001, 125_000].map(formatWait)).toEqual([
    "1 s",
    "1 s",
    "2 s",
    "1 min 00 s",
    "2 min 05 s",
  ]);
});

test("relative times read both ways", () => {
  const now = 1_700_000_000_000;
  expect(formatRelative(now - 3_000, now)).toBe("just now");
  expect(formatRelative(now - 240_000, now)).toBe("4 min. ago");
  expect(formatRelative(now + 3 * 86_400_000, now)).toBe("in 3 days");
});

test("plurals agree with their number", () => {
  expect([plural(0, "run"), plural(1, "run"), plural(1_200, "run")]).toEqual([
    "0 runs",
    "1 run",
    "1,200 runs",
  ]);
});
