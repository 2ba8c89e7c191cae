import type { Bucket } from "@gantry/billing";
import type postgres from "postgres";
import type { ClaimPayer, PayerInUse, RateCounter } from "../port.ts";
import { tokensIn } from "../token-bucket.ts";

interface InUseRow {
  slots: number;
  held: number;
  member_held: number;
  /** `<counter>|<tokens>|<seconds since>`, joined by commas. */
  buckets: string;
}

export async function readInUse(
  sql: postgres.Sql,
  { payerId, userId }: Pick<ClaimPayer, "payerId" | "userId">,
  buckets: Readonly<Record<RateCounter, Bucket | null>>,
): Promise<PayerInUse> {
  const rows = await sql.unsafe<InUseRow[]>(inUseSql, [payerId, userId], { prepare: true });
  const row = rows[0];
  if (row === undefined) throw new Error("What a payer has in use was not answered.");
  return {
    slots: row.slots,
    heldMicros: row.held,
    memberHeldMicros: row.member_held,
    tokens: {
      sync: tokensIn(row.buckets, "sync", buckets.sync),
      async: tokensIn(row.buckets, "async", buckets.async),
    },
  };
}

const inUseSql = /* sql */ `
SELECT count(*)::int AS slots, coalesce(sum(s.hold_micros), 0)::float8 AS held,
       coalesce(sum(s.hold_micros) FILTER (WHERE s.user_id = $2), 0)::float8 AS member_held,
       array_to_string(ARRAY(
         SELECT b.counter || '|' || b.tokens || '|' || extract(epoch FROM clock_timestamp() - b.refilled_at)
           FROM rate_buckets b WHERE b.payer_id = $1), ',') AS buckets
  FROM slots s WHERE s.payer_id = $1`;
