/** To the micro-dollar, as the ledger counts: `$1.005000`. */
export function dollars(micros: number): string {
  const digits = String(Math.abs(micros)).padStart(7, "0");
  return `${micros < 0 ? "-" : ""}$${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** Micro-dollars of an amount such as `250`, `$250` or `0.50`, exactly; undefined for anything else or a billion more. */
export function parseDollars(text: unknown): number | undefined {
  const [, whole, fraction = ""] =
    (typeof text === "string" ? /^\$?(\d{1,10})(?:\.(\d{1,6}))?$/.exec(text) : null) ?? [];
  if (whole === undefined) return undefined;
  const micros = Number(whole) * 1_000_000 + Number(fraction.padEnd(6, "0"));
  return micros <= 1_000_000_000 * 1_000_000 ? micros : undefined;
}
