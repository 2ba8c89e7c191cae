import type { Numbers } from "../../api/types.ts";

export interface NumbersReader {
  readonly has: (key: string) => boolean;
  readonly number: (key: string) => number;
  readonly text: (key: string) => string | null;
}

/** Stored decisions may be older than this page: a number that is not there reads as 0. */
export function readNumbers(numbers: Numbers): NumbersReader {
  const number = (key: string) => (typeof numbers[key] === "number" ? numbers[key] : 0);
  return {
    has: (key) => typeof numbers[key] === "number",
    number,
    text: (key) => (typeof numbers[key] === "string" ? numbers[key] : null),
  };
}
