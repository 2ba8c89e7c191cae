import type { Column, Row, Section, Unit } from "./section.ts";

const width = 110;
/** Of the widest number that is to be expected, and a blank before it. */
const cellWidths: Readonly<Record<Unit, number>> = { ms: 8, times: 7, perSecond: 8, count: 7 };

/** The section as lines of at most 110 characters. */
export function printSection(section: Section): string[] {
  const { title, notes, columns, rows } = section;
  const nameWidth = Math.max(26, ...rows.map(({ name }) => name.length + 1));
  const heads = columns.map((column) => column.title.padStart(widthOf(column))).join("");
  return [
    "=".repeat(width),
    title,
    ...notes.map((note) => `  ${note}`),
    "-".repeat(width),
    `${"".padEnd(nameWidth)}${heads}  target`,
    ...rows.map((row) => printRow(row, columns, nameWidth)),
  ].map((line) => line.trimEnd());
}

function printRow(row: Row, columns: readonly Column[], nameWidth: number): string {
  const cells = columns.map((column, i) =>
    ` ${formatted(row.cells[i] ?? null, column.unit)}`.padStart(widthOf(column)),
  );
  return `${row.name.padEnd(nameWidth)}${cells.join("")}  ${judged(row)}`;
}

const widthOf = ({ title, unit }: Column) => Math.max(cellWidths[unit], title.length + 1);

function formatted(value: number | null, unit: Unit): string {
  if (value === null) return "";
  switch (unit) {
    case "ms":
      return value.toFixed(value < 10 ? 3 : 1);
    case "times":
      return `${value.toFixed(value < 100 ? 2 : 0)}x`;
    case "perSecond":
      return Math.round(value).toLocaleString("en");
    case "count":
      return String(Math.round(value * 100) / 100);
  }
}

function judged({ verdict }: Row): string {
  if (verdict === undefined) return "";
  const outcome = verdict.met ? "met" : `missed ${(verdict.missedBy * 100).toFixed(0)} %`;
  return `${verdict.target} ${outcome}`;
}
