import type { Finding } from "./check.ts";

export interface CheckedGuarantees {
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** One table of all findings, a paragraph for each check, and the sum in the last line. */
export function findingsTable(checked: readonly CheckedGuarantees[]): string[] {
  const all = checked.flatMap(({ findings }) => findings);
  const head = { guarantee: "guarantee", measured: "measured", required: "required" };
  const width = (column: keyof typeof head) =>
    Math.max(
      ...[head, ...all].map((row) => row[column].length + (column === "guarantee" ? indent.length : 0)),
    );
  const widths = { guarantee: width("guarantee"), measured: width("measured"), required: width("required") };
  const line = (row: typeof head, verdict: string) =>
    [
      row.guarantee.padEnd(widths.guarantee),
      row.measured.padEnd(widths.measured),
      row.required.padEnd(widths.required),
      verdict,
    ]
      .join("  ")
      .trimEnd();
  const failed = all.filter(({ holds }) => !holds).length;
  return [
    line(head, ""),
    ...checked.flatMap(({ title, findings }) => [
      "",
      title,
      ...findings.map((finding) =>
        line({ ...finding, guarantee: `${indent}${finding.guarantee}` }, finding.holds ? "pass" : "FAIL"),
      ),
    ]),
    "",
    failed === 0 ? `All ${all.length} hold.` : `${failed} of ${all.length} do not hold.`,
  ];
}

/** 0 when everything holds that was found, and something was. */
export function exitCodeOf(checked: readonly CheckedGuarantees[]): 0 | 1 {
  const all = checked.flatMap(({ findings }) => findings);
  return all.length > 0 && all.every(({ holds }) => holds) ? 0 : 1;
}

const indent = "  ";
