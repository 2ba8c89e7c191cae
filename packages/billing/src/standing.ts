import type { Subscription } from "./limits.ts";
import { currentPeriod, type Period } from "./period.ts";
import type { PlanName } from "./plans.ts";

/** A payer's rows, as the statements of `subscriptions.sql.ts` write them. */
export interface StandingText {
  /** The user or organization that pays. */
  readonly ownerId: string;
  readonly subscriptions: string;
  readonly usage: string;
  readonly memberCap: string | null;
}

/** Where a payer stands now. */
export interface Standing {
  /** Null: the free plan, because no subscription counts. That one could not be read is an error, never this. */
  readonly subscription: Subscription | null;
  readonly period: Period;
  readonly settledMicros: number;
  /** The member's cap inside the organization; null when it has none. */
  readonly memberCap: { readonly limitMicros: number; readonly settledMicros: number } | null;
}

/** `now`: Unix milliseconds, on the clock of the database. Throws when a text is not what the statements write. */
export function standingOf(text: StandingText, now: number): Standing {
  const rows = parseSubscriptions(text.subscriptions);
  const row = subscriptionThatCounts(rows, text.ownerId);
  const own = subscriptionThatCounts(
    rows.filter(({ ownerId }) => ownerId === text.ownerId),
    text.ownerId,
  );
  // The payer's own, whoever's decides the plan: to join or leave an organization must not hide what was used.
  const period = currentPeriod(own, now);
  return {
    subscription: row === null ? null : subscriptionOf(row, own),
    period,
    settledMicros: settledIn(period, text.usage),
    memberCap: memberCapIn(period, text.memberCap),
  };
}

function subscriptionOf(row: SubscriptionRow, own: SubscriptionRow | null): Subscription {
  const { plan, seats } = row;
  if (row === own) return { plan, seats, source: "own", own: null };
  const besides = own === null ? null : { plan: own.plan, seats: own.seats };
  return { plan, seats, source: "organization", own: besides };
}

interface SubscriptionRow {
  readonly id: string;
  readonly plan: Exclude<PlanName, "free">;
  readonly seats: number;
  readonly ownerId: string;
  readonly periodStart: string;
  readonly periodEnd: string;
  readonly createdAt: string;
}

const rank: Readonly<Record<SubscriptionRow["plan"], number>> = { enterprise: 3, team: 2, pro: 1 };

/**
 * Enterprise before team before pro; within a tier an organization's before the payer's own; then the older, then the
 * lower id, so that ties resolve the same way every time.
 */
function subscriptionThatCounts(rows: readonly SubscriptionRow[], ownerId: string): SubscriptionRow | null {
  let best: SubscriptionRow | null = null;
  for (const row of rows) {
    if (best === null || compare(row, best, ownerId) < 0) best = row;
  }
  return best;
}

function compare(a: SubscriptionRow, b: SubscriptionRow, ownerId: string): number {
  return (
    rank[b.plan] - rank[a.plan] ||
    Number(a.ownerId === ownerId) - Number(b.ownerId === ownerId) ||
    Date.parse(a.createdAt) - Date.parse(b.createdAt) ||
    (a.id < b.id ? -1 : 1)
  );
}

function parseSubscriptions(text: string): SubscriptionRow[] {
  if (text === "") return [];
  return text.split(",").map((item) => {
    const [plan, seats, ownerId, periodStart, periodEnd, createdAt, id] = item.split("|");
    if (!isPaid(plan) || !ownerId || !periodStart || !periodEnd || !createdAt || !id) {
      throw new Error("A subscription cannot be read.");
    }
    return { id, plan, seats: Number(seats), ownerId, periodStart, periodEnd, createdAt };
  });
}

function isPaid(plan: string | undefined): plan is SubscriptionRow["plan"] {
  return plan !== undefined && Object.hasOwn(rank, plan);
}

/** Counters are found by the instant at which their period began. None yet: nothing was settled. */
function settledIn(period: Period, counters: string): number {
  if (counters === "") return 0;
  for (const item of counters.split(",")) {
    const [start = "", micros = ""] = item.split("|");
    if (Date.parse(start) === period.startAt) return Number(micros);
  }
  return 0;
}

function memberCapIn(period: Period, text: string | null): Standing["memberCap"] {
  if (text === null) return null;
  const [limit = "", counters = ""] = text.split(";");
  return { limitMicros: Number(limit), settledMicros: settledIn(period, counters) };
}
