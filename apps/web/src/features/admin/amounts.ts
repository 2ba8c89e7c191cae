/** Micro-dollars as a number field shows them: `250`, `0.005`; empty for null. */
export function dollarsText(micros: number | null): string {
  return micros === null ? "" : String(micros / 1_000_000);
}

/** What a number field of dollars says, in micro-dollars; null when it is empty. */
export function microsOf(text: string): number | null {
  return text === "" ? null : Math.round(Number(text) * 1_000_000);
}

/** What a number field says; null when it is empty. */
export function countOf(text: string): number | null {
  return text === "" ? null : Number(text);
}
