import { verifyLedger } from "@gantry/billing";
import type { TestDatabase } from "@gantry/db/testing";
import type { ClaimAnswer, ClaimRequest, ClaimResult, ClaimStore, PayerInUse } from "../port.ts";
import { type Claimant, hardlyPerMinute, periodStart, requestOf } from "./requests.ts";

const bucket = { perMinute: hardlyPerMinute, capacity: 1_000_000 };

/** What the payer's runs have in use. Tokens are rounded: next to nothing comes back. */
export async function inUse(claims: ClaimStore, claimant: Claimant): Promise<PayerInUse> {
  const seen = await claims.inUse(claimant, { sync: bucket, async: bucket });
  const rounded = (tokens: number | null) => (tokens === null ? null : Math.round(tokens));
  return { ...seen, tokens: { sync: rounded(seen.tokens.sync), async: rounded(seen.tokens.async) } };
}

/** Of payers that have used nothing. */
export const nothingInUse: PayerInUse = {
  slots: 0,
  heldMicros: 0,
  memberHeldMicros: 0,
  tokens: { sync: bucket.capacity, async: bucket.capacity },
};

/** What a claim that asks for nothing would be told: the store's own view of settled and held, at one instant. */
export async function moneyOf(
  claims: ClaimStore,
  claimant: Claimant,
): Promise<Pick<ClaimAnswer, "settledMicros" | "heldMicros" | "memberSettledMicros" | "memberHeldMicros">> {
  const { settledMicros, heldMicros, memberSettledMicros, memberHeldMicros } = await claims.inspect(
    requestOf(claimant, { holdMicros: 0, rate: null, memberLimitMicros: 1_000_000_000 }),
  );
  return { settledMicros, heldMicros, memberSettledMicros, memberHeldMicros };
}

/** How often each result was answered. */
export function countResults(answers: readonly ClaimAnswer[]): Partial<Record<ClaimResult, number>> {
  const counts: Partial<Record<ClaimResult, number>> = {};
  for (const { result } of answers) counts[result] = (counts[result] ?? 0) + 1;
  return counts;
}

export async function claimAll(
  claims: ClaimStore,
  requests: readonly ClaimRequest[],
): Promise<readonly ClaimAnswer[]> {
  return await Promise.all(requests.map((request) => claims.claim(request)));
}

/** What was charged to the payer in the period, by its counter and by its ledger. */
export async function chargedTo({ sql }: TestDatabase, { payerId }: Claimant) {
  const [row] = await sql<{ counter: number; ledger: number; entries: number }[]>`
    SELECT coalesce((SELECT settled_micros FROM usage_counters
                      WHERE payer_id = ${payerId} AND period_start = ${periodStart}), 0)::float8 AS counter,
           coalesce(sum(amount_micros), 0)::float8 AS ledger, count(*)::int AS entries
      FROM ledger_entries WHERE payer_id = ${payerId}`;
  if (row === undefined) throw new Error("The sums have one row.");
  return row;
}

/** Where the payer's counters are not what its ledger adds up to. */
export async function differencesOf({ sql }: TestDatabase, { payerId }: Claimant): Promise<unknown[]> {
  return (await verifyLedger(sql)).differences.filter((difference) => difference.payerId === payerId);
}

/** Every place in which the run is. */
export async function placesOf({ sql }: TestDatabase, runId: string): Promise<unknown[]> {
  return [
    ...(await sql`
      SELECT status, cost_micros::float8 AS cost_micros, input FROM run_rows WHERE id = ${runId}`),
  ];
}
