import type postgres from "postgres";
import type { Slot } from "./slot.ts";

/** What PostgreSQL says of a run's money. In micro-dollars. */
export interface SettledMoney {
  /** Of the whole payer, and of the run's member, in the run's period. */
  readonly settledMicros: number;
  readonly memberSettledMicros: number;
  /** What this run's model calls were charged so far; 0 when it has ended. */
  readonly spentMicros: number;
}

/** To be asked after what was charged is committed: then Redis learns of it no later than it lets go of the hold. */
export async function readSettledMoney(
  sql: postgres.Sql,
  slots: readonly Pick<Slot, "runId" | "payerId" | "userId" | "periodStart">[],
): Promise<{ of(runId: string): SettledMoney }> {
  const wanted = slots.map(({ runId, payerId, userId, periodStart }) => ({
    runId,
    payerId,
    userId,
    periodStart,
  }));
  const rows =
    slots.length === 0
      ? []
      : await sql.unsafe<MoneyRow[]>(moneySql, [JSON.stringify(wanted)], { prepare: true });
  const byRun = new Map(rows.map((row) => [row.run_id, row]));
  return {
    of(runId) {
      const row = byRun.get(runId);
      if (row === undefined) throw new Error("What is settled was not answered.");
      return {
        settledMicros: row.settled,
        memberSettledMicros: row.member_settled,
        spentMicros: row.spent,
      };
    },
  };
}

interface MoneyRow {
  run_id: string;
  settled: number;
  member_settled: number;
  spent: number;
}

const moneySql = /* sql */ `
SELECT a."runId" AS run_id, coalesce(c.settled_micros, 0)::float8 AS settled,
       coalesce(m.settled_micros, 0)::float8 AS member_settled, coalesce(s.spent_micros, 0)::float8 AS spent
  FROM json_to_recordset($1::text::json) AS a("runId" text, "payerId" text, "userId" text, "periodStart" timestamptz)
  LEFT JOIN usage_counters c ON c.payer_id = a."payerId" AND c.period_start = a."periodStart"
  LEFT JOIN member_usage_counters m
    ON m.payer_id = a."payerId" AND m.user_id = a."userId" AND m.period_start = a."periodStart"
  LEFT JOIN slots s ON s.run_id = a."runId"`;
