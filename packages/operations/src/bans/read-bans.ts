import type postgres from "postgres";

export interface BanView {
  readonly id: string;
  readonly reason: string;
  /** Unix milliseconds, as the next; null: without end. */
  readonly endsAt: number | null;
  readonly createdAt: number;
  /** Null: not by an admin, or by one whose account is gone. */
  readonly createdBy: string | null;
  readonly counts: boolean;
}

/** Every ban of an account, newest first. */
export async function readBans(tx: postgres.TransactionSql, accountId: string): Promise<readonly BanView[]> {
  return tx<BanView[]>`
    SELECT b.id, b.reason, extract(epoch FROM b.ends_at)::float8 * 1000 AS "endsAt",
           extract(epoch FROM b.created_at)::float8 * 1000 AS "createdAt", u.name AS "createdBy",
           b.ends_at IS NULL OR b.ends_at > now() AS counts
      FROM bans b LEFT JOIN users u ON u.id = b.created_by
     WHERE b.subject_id = ${accountId} ORDER BY b.created_at DESC, b.id DESC`;
}
