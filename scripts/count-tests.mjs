/**
 * Counts what vitest's JSON report says. A file that could not even be loaded counts as a failure, and so does an error
 * that belongs to no test; a skipped test is neither passed nor failed.
 *
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, testResults: { status: string, assertionResults: { status: string }[] }[] } | null} report
 *   null when vitest wrote none
 * @param {number} code vitest's exit code
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function countTests(report, code) {
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((each) => each.status === "failed"),
  );
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + unloaded.length;
  const skipped = report.numPendingTests + report.numTodoTests;
  const ranNothing = passed + failed === 0;
  const failedElsewhere = failed === 0 && code !== 0;
  return { passed, failed: failed + (ranNothing || failedElsewhere ? 1 : 0), skipped };
}
