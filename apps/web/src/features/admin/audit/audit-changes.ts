import type { AuditEntry } from "../../../api/types.ts";
import {
  formatCount,
  formatDay,
  formatDuration,
  formatExact,
  formatMoney,
  plural,
} from "../../../ui/format.ts";

export interface AuditChange {
  readonly label: string;
  /** Null: there was nothing to compare with. */
  readonly before: string | null;
  readonly after: string;
}

/** What an entry says was changed, in the words and units of the rest of the app; what stayed the same is left out. */
export function auditChanges({
  before,
  after,
}: Pick<AuditEntry, "before" | "after">): readonly AuditChange[] {
  // Where nothing is left, as of a slot, what was is told.
  const told = after ?? before;
  if (told === null) return [];
  return Object.entries(told).flatMap(([key, value]): AuditChange[] => {
    const now = textOf(key, value);
    const was = after === null || before === null ? null : textOf(key, before[key]);
    const isNews = was !== now || keptInView.has(key);
    return isNews ? [{ label: labelOf(key), before: was === now ? null : was, after: now }] : [];
  });
}

/** They say what the rest is about. */
const keptInView: ReadonlySet<string> = new Set(["member", "reason"]);

const labels: Readonly<Record<string, string>> = {
  reason: "Reason",
  endsAt: "Ends",
  role: "Role",
  subscriptions: "Plan",
  usageLimitMicros: "Usage limit",
  syncRunsPerMinute: "Synchronous runs per minute",
  asyncRunsPerMinute: "Background runs per minute",
  runsPerMinute: "Runs per minute",
  concurrentRunsMax: "Runs at once",
  blockedReason: "Blocked",
  member: "Member",
  capMicros: "Cap",
  holder: "Holder",
  ageMs: "Age",
  holdMicros: "Hold",
  payerId: "Payer",
};

function labelOf(key: string): string {
  return labels[key] ?? key;
}

/** What null means, where it is not "none". */
const absent: Readonly<Record<string, string>> = { endsAt: "never", blockedReason: "no" };

function textOf(key: string, value: unknown): string {
  if (value === null || value === undefined) return absent[key] ?? "none";
  if (key === "subscriptions") return planOf(value);
  if (typeof value === "string") return value.replaceAll("_", " ");
  if (typeof value !== "number") return JSON.stringify(value);
  if (key.endsWith("Micros")) return formatMoney(value);
  if (key.endsWith("At")) return formatExact(value);
  if (key.endsWith("Ms")) return formatDuration(value);
  return formatCount(value);
}

function planOf(value: unknown): string {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const plans = list.map((item) => {
    const { plan, seats, periodStart }: Readonly<Record<string, unknown>> =
      typeof item === "object" && item !== null ? { ...item } : {};
    const counted = plan === "team" && typeof seats === "number" ? `, ${plural(seats, "seat")}` : "";
    const since = typeof periodStart === "string" ? ` from ${formatDay(Date.parse(periodStart))}` : "";
    return `${String(plan)}${counted}${since}`;
  });
  return plans.length === 0 ? "free" : plans.join("; ");
}
