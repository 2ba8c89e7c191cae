import type postgres from "postgres";

/**
 * Opens this many connections of a pool that nobody uses yet and runs the statements, if any, on each of them: the
 * first run then pays neither for connecting (about 21 ms) nor for preparing (one more round trip for each statement
 * and connection). Give the statements exactly as they will be used: the driver knows a prepared statement by its text
 * and types. Throws the driver's error when a connection cannot be opened or a statement fails.
 */
export async function warm(
  sql: postgres.Sql,
  connections: number,
  statements?: (connection: postgres.Sql) => PromiseLike<unknown>,
): Promise<void> {
  // As many queries in one turn as there are connections: each opens its own. `reserve` cannot do that, because with
  // `fetch_types: false` postgres.js 3.4.9 never answers one that has to connect first.
  const opened = await Promise.allSettled(Array.from({ length: connections }, () => sql`select 1`));
  for (const attempt of opened) if (attempt.status === "rejected") throw attempt.reason;
  if (statements === undefined) return;
  const reserved = await Promise.all(Array.from({ length: connections }, () => sql.reserve()));
  try {
    await Promise.all(reserved.map((connection) => statements(connection)));
  } finally {
    for (const connection of reserved) connection.release();
  }
}
