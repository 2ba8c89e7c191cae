import { expect, test } from "vitest";
import { dollars, parseDollars } from "./dollars.ts";

test.each([
  [0, "$0.000000"],
  [1, "$0.000001"],
  [-5_000, "-$0.005000"],
  [12_345_678_901, "$12345.678901"],
])("%d micro-dollars are written %s", (micros, text) => {
  expect(dollars(micros)).toBe(text);
});

test.each([
  ["250", 250_000_000],
  ["$0.5", 500_000],
  ["0.000001", 1],
  ["1000000000", 1e15],
])("%s is read exactly", (text, micros) => {
  expect(parseDollars(text)).toBe(micros);
});

test.each(["", "-1", "1.0000001", "1e3", ".5", "5.", "1,000", "1000000000.01", true, undefined])(
  "%j is not an amount",
  (text) => {
    expect(parseDollars(text)).toBeUndefined();
  },
);
