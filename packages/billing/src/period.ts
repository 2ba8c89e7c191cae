/** The span of time that usage is counted for, in whole milliseconds. */
export interface Period {
  /** ISO 8601, as counters and ledger keep it. */
  readonly start: string;
  readonly startAt: number;
  readonly endAt: number;
}

/**
 * The current period. A payer's own subscription sets it; while a renewal has not reached us yet, it goes on in whole
 * periods of the same length. Without one it is the calendar month in UTC.
 */
export function currentPeriod(
  subscription: { readonly periodStart: string; readonly periodEnd: string } | null,
  now: number,
): Period {
  if (subscription === null) {
    const month = new Date(now);
    const startAt = Date.UTC(month.getUTCFullYear(), month.getUTCMonth());
    return periodOf(startAt, addMonths(startAt, 1));
  }
  const first = Date.parse(subscription.periodStart);
  const firstEnd = Date.parse(subscription.periodEnd);
  if (now < firstEnd) return periodOf(first, firstEnd);
  const months = Math.max(1, monthsBetween(first, firstEnd));
  // Always counted from the first start, so that a period that began on the 31st does not wander to the 28th.
  let periods = Math.floor(monthsBetween(first, now) / months);
  while (addMonths(first, (periods + 1) * months) <= now) periods += 1;
  return periodOf(addMonths(first, periods * months), addMonths(first, (periods + 1) * months));
}

function periodOf(startAt: number, endAt: number): Period {
  return { start: new Date(startAt).toISOString(), startAt, endAt };
}

/** The same day and time so many months later; the month's last day where it has no such day. */
function addMonths(at: number, months: number): number {
  const date = new Date(at);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime();
}

/** Whole months from one instant to another. */
function monthsBetween(from: number, to: number): number {
  const a = new Date(from);
  const b = new Date(to);
  const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  return addMonths(from, months) <= to ? months : months - 1;
}
