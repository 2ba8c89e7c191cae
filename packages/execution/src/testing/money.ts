import type { TestDatabase } from "@gantry/db/testing";

/** What a payer has settled and holds in one snapshot. Micro-dollars. */
export interface Money {
  readonly settledMicros: number;
  readonly heldMicros: number;
  readonly totalMicros: number;
}

export async function readMoney({ sql }: Pick<TestDatabase, "sql">, payerId: string): Promise<Money> {
  const [row] = await sql<{ settled: number; held: number }[]>`
    SELECT (SELECT coalesce(sum(settled_micros), 0)::float8 FROM usage_counters WHERE payer_id = ${payerId}) AS settled,
           (SELECT coalesce(sum(hold_micros), 0)::float8 FROM slots WHERE payer_id = ${payerId}) AS held`;
  if (row === undefined) throw new Error("A statement without FROM has one row.");
  return { settledMicros: row.settled, heldMicros: row.held, totalMicros: row.settled + row.held };
}

export interface Watched {
  /** The most that was settled and held in any snapshot. */
  readonly mostMicros: number;
  readonly snapshots: number;
}

/**
 * Watches a payer's money until it is told to stop. The loop runs in the server, where each turn takes a new snapshot:
 * one in this process would look only when the runs under test leave it time to.
 */
export function watchMoney({ sql }: Pick<TestDatabase, "sql">, payerId: string): () => Promise<Watched> {
  const watching = sql.begin(async (tx) => {
    await tx.unsafe(watchMoneySql);
    const [row] = await tx<
      { most: number; snapshots: number }[]
    >`SELECT * FROM pg_temp.watch_money(${payerId})`;
    if (row === undefined) throw new Error("A function without a set has one row.");
    return { mostMicros: row.most, snapshots: row.snapshots };
  });
  return async () => {
    await sql`CREATE TABLE watch_is_over ()`;
    try {
      return await watching;
    } finally {
      await sql`DROP TABLE watch_is_over`;
    }
  };
}

const watchMoneySql = /* sql */ `
CREATE FUNCTION pg_temp.watch_money(p_payer_id text, OUT most float8, OUT snapshots integer) LANGUAGE plpgsql AS $$
DECLARE
  v_total float8;
BEGIN
  most := 0;
  snapshots := 0;
  WHILE NOT EXISTS (SELECT FROM pg_class WHERE relname = 'watch_is_over') AND snapshots < 20000 LOOP
    SELECT coalesce((SELECT sum(s.hold_micros) FROM slots s WHERE s.payer_id = p_payer_id), 0)
         + coalesce((SELECT sum(c.settled_micros) FROM usage_counters c WHERE c.payer_id = p_payer_id), 0) INTO v_total;
    most := greatest(most, v_total);
    snapshots := snapshots + 1;
    PERFORM pg_sleep(0.001);
  END LOOP;
END
$$`;
