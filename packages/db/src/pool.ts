import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import * as schema from "./schema/index.ts";

export type Schema = typeof schema;

/** Drizzle over the pool, with every table of the schema. */
export type DrizzleDatabase = PostgresJsDatabase<Schema>;

export interface DatabaseOptions {
  readonly url: string;
  /** Connections at most. They open on first use; `warm` opens them at start. */
  readonly poolMax: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** How long one connection attempt may take. 5,000 when left out. */
  readonly connectTimeoutMs?: number;
  /** The server ends any statement that runs longer. Left out: the server's own setting. */
  readonly statementTimeoutMs?: number;
  /** The server ends any session that leaves a transaction open for longer. Left out: the server's own setting. */
  readonly idleInTransactionTimeoutMs?: number;
  /**
   * For a pool that runs a few prepared statements over and over: plans are made once and kept
   * and rows are found by index (`hotSettings`). Give it to a pool of its own, so that fast statements are never pipelined
   * behind slow ones.
   */
  readonly hot?: boolean;
  /** Receives the server's notices; without it they are dropped. */
  readonly onNotice?: (notice: postgres.Notice) => void;
}

export interface Database {
  /**
   * For hand-written SQL, prepared on first use per connection. Parameters may be a `Date`, an array of texts
   * (`${ids}::text[]`) and, through `sql.json`, any JSON. Instants, `bigint` and arrays arrive as text, json parsed.
   * Do not use `sql.reserve()`: on a pool without an open connection it waits for ever (see `warm`).
   */
  readonly sql: postgres.Sql;
  /** Costs two round trips for each query unless it is made with `.prepare(name)`: not for the hot path. */
  readonly db: DrizzleDatabase;
  /** Waits up to five seconds for queries in flight, then closes every connection. Calling it twice is harmless. */
  close(): Promise<void>;
}

/**
 * Every look-up of a hot statement is by key. On small or freshly loaded tables the planner would rather scan and hash
 * them, keep that plan for the life of the connection, and be slow once they have grown.
 */
const hotSettings = {
  plan_cache_mode: "force_generic_plan",
  enable_seqscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
  enable_material: "off",
  enable_memoize: "off",
  enable_bitmapscan: "off",
  jit: "off",
  // What a claim allows is held back until the claim is on disk; see the confirmer in @gantry/execution.
  synchronous_commit: "off",
} as const;

/** A pool of connections to PostgreSQL. Opens none by itself: an unreachable server shows in the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const sql = postgres(options.url, {
    max: options.poolMax,
    connect_timeout: (options.connectTimeoutMs ?? 5_000) / 1_000,
    // Connections live as long as the process: re-opening one costs about 21 ms in the middle of somebody's run.
    max_lifetime: null,
    idle_timeout: 0,
    // The driver's own grows to 20 s, and what waits for a connection waits for it: a store that has returned would
    // go on being refused.
    backoff: (attempt: number) => Math.min(0.05 * attempt, 0.5),
    // The types query would be one more round trip for every new connection.
    fetch_types: false,
    prepare: true,
    onnotice: options.onNotice ?? (() => {}),
    connection: {
      application_name: options.applicationName,
      // Instants leave as text; every reader may rely on their form.
      TimeZone: "UTC",
      DateStyle: "ISO",
      ...(options.statementTimeoutMs === undefined ? {} : { statement_timeout: options.statementTimeoutMs }),
      ...(options.idleInTransactionTimeoutMs === undefined
        ? {}
        : { idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs }),
      ...(options.hot === true ? hotSettings : {}),
    },
  });
  const db = drizzle(sql, { schema });
  acceptParameters(sql);
  return {
    sql,
    db,
    close: () => sql.end({ timeout: 5 }),
  };
}

/**
 * Drizzle replaces the client's serializers by ones that pass everything through, because it writes text itself, and
 * with `fetch_types: false` the driver knows no array: a `Date`, an object or an array in hand-written SQL would throw.
 */
function acceptParameters({ options }: postgres.Sql): void {
  for (const type of [oid.date, oid.timestamp, oid.timestamptz]) {
    options.serializers[type] = (value: unknown) => (value instanceof Date ? value.toISOString() : value);
  }
  for (const type of [oid.json, oid.jsonb]) {
    options.serializers[type] = (value: unknown) =>
      typeof value === "string" ? value : JSON.stringify(value);
  }
  options.serializers[oid.textArray] = (value: unknown) =>
    Array.isArray(value) ? `{${value.map(quoteElement).join(",")}}` : value;
}

function quoteElement(text: unknown): string {
  if (text === null) return "NULL";
  if (typeof text !== "string")
    throw new TypeError("An array parameter holds texts: give anything else as json.");
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

const oid = { json: 114, textArray: 1009, date: 1082, timestamp: 1114, timestamptz: 1184, jsonb: 3802 };
