import { expect, test } from "vitest";
import { printSection } from "./print-section.ts";
import { atLeast, atMost } from "./section.ts";

test("a figure stands beside its target, with how far it is missed", () => {
  const section = {
    title: "TITLE",
    notes: [],
    columns: [{ title: "p50", unit: "times" }],
    rows: [
      { name: "good", cells: [5.5], verdict: atMost(5.5, 6, "<= 6x") },
      { name: "slow", cells: [9], verdict: atMost(9, 6, "<= 6x") },
      { name: "few", cells: [1200], verdict: atLeast(1200, 1500, ">= 1,500/s") },
      { name: "none", cells: [null] },
    ],
  } as const;

  expect(
    printSection(section)
      .slice(-4)
      .map((line) => line.replaceAll(/ +/g, " ")),
  ).toEqual([
    "good 5.50x <= 6x met",
    "slow 9.00x <= 6x missed 50 %",
    "few 1200x >= 1,500/s missed 20 %",
    "none",
  ]);
});

test("a row of seven figures fits a terminal of 110 columns", () => {
  const units = ["ms", "ms", "ms", "times", "times", "times", "perSecond"] as const;
  const lines = printSection({
    title: "TITLE",
    notes: [],
    columns: units.map((unit) => ({ title: "p50 ms", unit })),
    rows: [
      {
        name: "64 callers, 10 blocks, on disk",
        cells: [9999.9, 9999.9, 9999.9, 99.99, 99.99, 99.99, 99_999],
        verdict: atLeast(10, 1500, "≥ 1,500/s"),
      },
    ],
  });

  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(110);
});
