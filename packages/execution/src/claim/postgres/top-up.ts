import type postgres from "postgres";
import type { TopUpAnswer, TopUpRequest } from "../port.ts";

interface TopUpRow {
  outcome: TopUpAnswer["result"];
  earliest_end_ms: number | null;
  settled: number;
  held: number;
  member_settled: number;
  member_held: number;
}

export async function callTopUp(sql: postgres.Sql, request: TopUpRequest): Promise<TopUpAnswer> {
  const rows = await sql.unsafe<TopUpRow[]>(
    "SELECT * FROM top_up_hold($1,$2,$3,$4,$5,$6,$7,$8)",
    [
      request.runId,
      request.epoch,
      request.payerId,
      request.userId,
      request.addMicros,
      request.limitMicros,
      request.memberLimitMicros,
      request.periodStart,
    ],
    { prepare: true },
  );
  const row = rows[0];
  if (row === undefined) throw new Error("The top-up returned no row.");
  return {
    result: row.outcome,
    earliestEndMs: row.earliest_end_ms,
    settledMicros: row.settled,
    heldMicros: row.held,
    memberSettledMicros: row.member_settled,
    memberHeldMicros: row.member_held,
  };
}
