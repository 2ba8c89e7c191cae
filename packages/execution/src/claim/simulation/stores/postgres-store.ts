import type { TestDatabase } from "@gantry/db/testing";
import { createPostgresClaimStore } from "../../postgres/claim-store.ts";
import { tickMs } from "../clock.ts";
import type { State } from "../state.ts";
import { createDyingSql } from "./dying-sql.ts";
import { readRecords } from "./read-records.ts";
import type { SimulatedStore } from "./simulated-store.ts";
import { createSlowSql } from "./slow.ts";

export function createSimulatedPostgres(database: TestDatabase): SimulatedStore {
  const { sql } = database;
  return {
    database,
    hasTwoParts: false,
    processes: [createPostgresClaimStore(sql), createPostgresClaimStore(sql)],
    slow: (chance) => createPostgresClaimStore(createSlowSql(sql, chance)),
    dying: (death) => createPostgresClaimStore(createDyingSql(sql, death)),
    atRest: async () => {},
    async readState(): Promise<State> {
      const { charged: _, endedOf: __, ...records } = await readRecords(sql);
      const slots = Object.entries(records.rows).map(([runId, row]) => {
        const { spentMicros: _spent, cancelRequested: _asked, ...slot } = row;
        return [runId, { ...slot, unmovedMicros: 0, ended: false }];
      });
      return {
        ...records,
        slots: Object.fromEntries(slots),
        heard: records.settled,
        memberHeard: records.memberSettled,
        faults: [],
      };
    },
    async passTicks(ticks) {
      const ms = ticks * tickMs;
      await sql`
        WITH slots AS (
          UPDATE slots SET expires_at = expires_at - ${ms}::float8 * interval '1 ms',
                           expected_end_at = expected_end_at - ${ms}::float8 * interval '1 ms',
                           deadline_at = deadline_at - ${ms}::float8 * interval '1 ms',
                           created_at = created_at - ${ms}::float8 * interval '1 ms'
        )
        UPDATE rate_buckets SET refilled_at = refilled_at - ${ms}::float8 * interval '1 ms'`;
    },
    async expire({ runId }) {
      await sql`UPDATE slots SET expires_at = clock_timestamp() - interval '1 s' WHERE run_id = ${runId}`;
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
