/** What a script answered, by position. Reading what it does not write throws. */
export interface Reply {
  text(index: number): string;
  number(index: number): number;
  /** Null where the script answered `false`. */
  maybeText(index: number): string | null;
  maybeNumber(index: number): number | null;
  /** All from this one on. */
  textsFrom(index: number): string[];
}

export function replyOf(answer: unknown): Reply {
  if (!Array.isArray(answer)) throw unreadable();
  const values: readonly unknown[] = answer;
  const maybeText = (index: number): string | null => {
    const value = values[index];
    if (value === null) return null;
    if (typeof value === "string") return value;
    if (typeof value === "number") return String(value);
    throw unreadable();
  };
  const text = (index: number): string => {
    const value = maybeText(index);
    if (value === null) throw unreadable();
    return value;
  };
  return {
    maybeText,
    text,
    maybeNumber(index) {
      const value = maybeText(index);
      return value === null ? null : Number(value);
    },
    number: (index) => Number(text(index)),
    textsFrom: (from) => values.slice(from).map((_, index) => text(from + index)),
  };
}

function unreadable(): Error {
  return new Error("A script answered what it does not write.");
}
