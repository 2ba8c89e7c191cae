/** How a number of a column is written. */
export type Unit = "ms" | "times" | "perSecond" | "count";

export interface Column {
  readonly title: string;
  readonly unit: Unit;
}

export interface Verdict {
  /** Such as `<= 6.0x`. */
  readonly target: string;
  readonly met: boolean;
  /** How far the figure lies on the wrong side of the target, as a share of it; 0 when it is met. */
  readonly missedBy: number;
}

export interface Row {
  readonly name: string;
  /** One for each column; null where the column says nothing about this row. */
  readonly cells: readonly (number | null)[];
  readonly verdict?: Verdict;
}

/** Figures that belong together, all compared with the same unit. */
export interface Section {
  readonly title: string;
  /** What was timed, and what 1x is. One line each. */
  readonly notes: readonly string[];
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export function atMost(value: number, limit: number, target: string): Verdict {
  return { target, met: value <= limit, missedBy: Math.max(0, value / limit - 1) };
}

export function atLeast(value: number, limit: number, target: string): Verdict {
  return { target, met: value >= limit, missedBy: Math.max(0, 1 - value / limit) };
}
