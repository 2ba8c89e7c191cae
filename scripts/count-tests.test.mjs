import { describe, expect, test } from "vitest";
import { countTests } from "./count-tests.mjs";

const report = ({ passed = 0, failed = 0, pending = 0, testResults = [] }) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: pending,
  numTodoTests: 0,
  testResults,
});

describe("the count of tests", () => {
  test("is vitest's own when all is well", () => {
    expect(countTests(report({ passed: 7, pending: 1 }), 0)).toEqual({ passed: 7, failed: 0, skipped: 1 });
  });

  test("adds a failure for each file that could not be loaded", () => {
    const testResults = [
      { status: "failed", assertionResults: [] },
      { status: "failed", assertionResults: [{ status: "failed" }] },
      { status: "passed", assertionResults: [{ status: "passed" }] },
    ];
    expect(countTests(report({ passed: 1, failed: 1, testResults }), 1)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 0,
    });
  });

  test("never calls it a success when no test ran, when there is no report, or when vitest itself failed", () => {
    expect(countTests(report({}), 0).failed).toBe(1);
    expect(countTests(report({ pending: 3 }), 0).failed).toBe(1);
    expect(countTests(null, 0).failed).toBe(1);
    expect(countTests(report({ passed: 7 }), 1).failed).toBe(1);
  });
});
