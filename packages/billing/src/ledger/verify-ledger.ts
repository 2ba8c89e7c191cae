import type postgres from "postgres";

/** One counter that is not the sum of its ledger entries. Money in micro-dollars. */
export interface CounterDifference {
  readonly payerId: string;
  /** The payer's email or slug; `deleted payer` and its id once its owner is gone. */
  readonly payer: string;
  /** The member whose counter it is, by email while the user exists. Null: the counter of the payer itself. */
  readonly member: string | null;
  /** ISO 8601, to the microsecond, as counters and ledger keep it. */
  readonly periodStart: string;
  /** Null: there is no such counter. */
  readonly counterMicros: number | null;
  readonly ledgerMicros: number;
}

export interface LedgerVerification {
  readonly entries: number;
  /** Of payers and of members. */
  readonly counters: number;
  /** By payer, then period, the payer's own before its members'. Empty: the ledger and all counters agree. */
  readonly differences: readonly CounterDifference[];
}

/**
 * Rebuilds every counter from the ledger and compares, in one statement: runs that settle meanwhile are seen with entry
 * and counter, or not at all. Changes nothing. Throws what the driver throws.
 *
 * No counter and a counter of zero are the same: a settlement that cost nothing makes none. An entry does not say
 * whether it counts for a member, but the payer does:
 * - an organization's entries count for their user, whether or not it has a cap or is still a member;
 * - a paying user has no members, so a counter of one is a difference unless it is zero;
 * - once the owner is deleted nobody can say what it was, so the counters of members that exist must be the sum of
 *   their entries, and none is missed.
 */
export async function verifyLedger(sql: postgres.Sql): Promise<LedgerVerification> {
  const rows = await sql.begin("isolation level repeatable read read only", (transaction) =>
    transaction.unsafe<Row[]>(verifySql),
  );
  const [first] = rows;
  if (first === undefined) throw new Error("The totals are always one row.");
  return {
    entries: Number(first.entries),
    counters: Number(first.counters),
    differences: rows.flatMap(({ payer_id, payer, member, period_start, counter_micros, ledger_micros }) =>
      payer_id === null || payer === null || period_start === null
        ? []
        : {
            payerId: payer_id,
            payer,
            member,
            periodStart: period_start,
            counterMicros: counter_micros === null ? null : Number(counter_micros),
            ledgerMicros: Number(ledger_micros),
          },
    ),
  };
}

/** The totals, with one difference; without any, once with nulls. */
interface Row {
  entries: string;
  counters: string;
  payer_id: string | null;
  payer: string | null;
  member: string | null;
  period_start: string | null;
  counter_micros: string | null;
  ledger_micros: string | null;
}

const verifySql = /* sql */ `
WITH spent AS (
  SELECT payer_id, user_id, period_start, sum(amount_micros) AS micros, count(*) AS entries
    FROM ledger_entries GROUP BY payer_id, user_id, period_start
), of_payers AS (
  SELECT payer_id, period_start, sum(micros) AS micros FROM spent GROUP BY payer_id, period_start
), of_members AS (
  SELECT s.*, py.organization_id IS NOT NULL AS must_be_counted
    FROM spent s JOIN payers py ON py.id = s.payer_id
   WHERE s.user_id IS NOT NULL AND py.user_id IS NULL
), differences AS (
  SELECT payer_id, NULL AS user_id, period_start, c.settled_micros AS counter, coalesce(l.micros, 0) AS ledger
    FROM of_payers l FULL JOIN usage_counters c USING (payer_id, period_start)
   WHERE coalesce(c.settled_micros, 0) <> coalesce(l.micros, 0)
  UNION ALL
  SELECT payer_id, user_id, period_start, c.settled_micros, coalesce(l.micros, 0)
    FROM of_members l FULL JOIN member_usage_counters c USING (payer_id, user_id, period_start)
   WHERE coalesce(c.settled_micros, 0) <> coalesce(l.micros, 0)
     AND (c.settled_micros IS NOT NULL OR l.must_be_counted)
), named AS (
  SELECT d.payer_id, coalesce(pu.email, o.slug, 'deleted payer ' || d.payer_id) AS payer,
         coalesce(mu.email, d.user_id) AS member, d.period_start, d.counter, d.ledger
    FROM differences d
    JOIN payers py ON py.id = d.payer_id
    LEFT JOIN users pu ON pu.id = py.user_id
    LEFT JOIN organizations o ON o.id = py.organization_id
    LEFT JOIN users mu ON mu.id = d.user_id
)
SELECT t.entries::text, t.counters::text, n.payer_id, n.payer, n.member,
       to_char(n.period_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS period_start,
       n.counter::text AS counter_micros, n.ledger::text AS ledger_micros
  FROM (SELECT (SELECT coalesce(sum(entries), 0) FROM spent) AS entries,
               (SELECT count(*) FROM usage_counters) + (SELECT count(*) FROM member_usage_counters) AS counters) t
  LEFT JOIN named n ON true
 ORDER BY n.payer, n.payer_id, n.period_start, n.member NULLS FIRST`;
