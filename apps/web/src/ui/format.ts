/** `$1.20`, `$0.0052`, `$0`: two decimals, more only where a cent would hide the amount. */
export function formatMoney(micros: number): string {
  if (micros === 0) return "$0";
  const sign = micros < 0 ? "-" : "";
  const dollars = Math.abs(micros) / 1_000_000;
  if (dollars >= 1) return `${sign}$${wholeCents.format(dollars)}`;
  const decimals = dollars >= 0.01 ? 4 : 6;
  const [whole, part = ""] = dollars.toFixed(decimals).split(".");
  return `${sign}$${whole}.${part.replace(/0+$/, "").padEnd(2, "0")}`;
}

/** `0.42 ms`, `31 ms`, `1.24 s`, `2 min 05 s`, `1 h 03 min`. */
export function formatDuration(ms: number): string {
  if (ms < 10) return `${trimZeros(ms.toFixed(ms < 1 ? 2 : 1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${(ms / 1_000).toFixed(ms < 9_995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3_600)} h ${two(Math.floor((seconds % 3_600) / 60))} min`;
}

/** A wait in whole seconds, rounded up: `7 s`, `2 min 05 s`. */
export function formatWait(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1_000);
}

export function formatCount(count: number): string {
  return count.toLocaleString("en-US", { maximumFractionDigits: 1 });
}

/** `1 run`, `12 runs`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `just now`, `4 min ago`, `in 3 days`. */
export function formatRelative(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1_000);
  const distance = Math.abs(seconds);
  if (distance < 10) return "just now";
  const [size, unit] = relativeUnits.find(([limit]) => distance < limit)?.[1] ?? years;
  return relative.format(Math.trunc(seconds / size), unit);
}

export function formatExact(at: number): string {
  return exact.format(at);
}

export function formatDay(at: number): string {
  return day.format(at);
}

const wholeCents = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "short" });
const exact = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "long" });
const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric" });

type Unit = readonly [seconds: number, unit: Intl.RelativeTimeFormatUnit];
const years: Unit = [31_536_000, "year"];
const relativeUnits: readonly (readonly [limit: number, unit: Unit])[] = [
  [60, [1, "second"]],
  [3_600, [60, "minute"]],
  [86_400, [3_600, "hour"]],
  [2_592_000, [86_400, "day"]],
  [31_536_000, [2_592_000, "month"]],
];

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
