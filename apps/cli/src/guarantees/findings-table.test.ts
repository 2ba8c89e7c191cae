import { expect, test } from "vitest";
import { exitCodeOf, findingsTable } from "./findings-table.ts";

const pass = { guarantee: "ten slots", measured: "10 admitted", required: "10", holds: true };
const fail = { guarantee: "money", measured: "$0.005000 over", required: "$0", holds: false };

test("each finding is a line of the table, and the last line counts those that do not hold", () => {
  expect(
    findingsTable([
      { title: "Limits", findings: [pass, fail] },
      { title: "More", findings: [pass] },
    ]),
  ).toEqual([
    "guarantee    measured        required",
    "",
    "Limits",
    "  ten slots  10 admitted     10        pass",
    "  money      $0.005000 over  $0        FAIL",
    "",
    "More",
    "  ten slots  10 admitted     10        pass",
    "",
    "1 of 3 do not hold.",
  ]);
  expect(findingsTable([{ title: "Limits", findings: [pass] }]).at(-1)).toBe("All 1 hold.");
});

test("the exit code is 0 when all hold, and 1 when one does not or none was found", () => {
  expect(exitCodeOf([{ title: "Limits", findings: [pass, pass] }])).toBe(0);
  expect(
    exitCodeOf([
      { title: "Limits", findings: [pass] },
      { title: "More", findings: [fail] },
    ]),
  ).toBe(1);
  expect(exitCodeOf([{ title: "Limits", findings: [] }])).toBe(1);
});
