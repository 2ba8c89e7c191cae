/** What a failed statement says about the database. */
export type StoreFailure = "unavailable" | "conflict" | "defect";

/**
 * Judges what a query, a transaction or a connection attempt threw.
 *
 * - `unavailable`: the database cannot be reached, is starting, stopping, failing over or overloaded. Nothing is wrong
 *   with the request, and it may succeed later. Whether a statement that was in flight took effect is not known.
 * - `conflict`: another transaction was in the way and this one was rolled back. It may be tried again at once.
 * - `defect`: everything else. Trying again cannot help. A violated constraint is one too: who expects it handles it.
 *
 * Looks through `cause` (drizzle wraps what the driver threw) and into AggregateErrors; the first code that is known,
 * outermost first, decides. Give it only what came from a store: another socket's ECONNREFUSED reads the same.
 */
export function classifyStoreFailure(error: unknown): StoreFailure {
  return judge(error, new Set()) ?? "defect";
}

function judge(error: unknown, seen: Set<unknown>): StoreFailure | null {
  if (typeof error !== "object" || error === null || seen.has(error)) return null;
  seen.add(error);
  const own = "code" in error && typeof error.code === "string" ? verdictOf(error.code) : null;
  if (own !== null) return own;
  const inner: unknown[] = error instanceof AggregateError ? [...error.errors] : [];
  if ("cause" in error) inner.push(error.cause);
  for (const each of inner) {
    const verdict = judge(each, seen);
    if (verdict !== null) return verdict;
  }
  return null;
}

function verdictOf(code: string): StoreFailure | null {
  const listed = verdicts.get(code);
  if (listed !== undefined) return listed;
  return unavailableClasses.test(code) ? "unavailable" : null;
}

/** SQLSTATE classes: 08, the connection failed; 53, the server lacks connections, memory or disk space. */
const unavailableClasses = /^(?:08|53)[0-9A-Z]{3}$/;

const verdicts: ReadonlyMap<string, StoreFailure> = new Map([
  // postgres.js's own.
  ["CONNECTION_CLOSED", "unavailable"],
  ["CONNECTION_ENDED", "unavailable"],
  ["CONNECTION_DESTROYED", "unavailable"],
  ["CONNECT_TIMEOUT", "unavailable"],
  // The claim store's on Redis, which has a table of its own for what that server says.
  ["REDIS_UNAVAILABLE", "unavailable"],
  // The socket's, and the look-up of the host's name, which fails for a while when a primary moves.
  ["ECONNREFUSED", "unavailable"],
  ["ECONNRESET", "unavailable"],
  ["EPIPE", "unavailable"],
  ["ETIMEDOUT", "unavailable"],
  ["EHOSTUNREACH", "unavailable"],
  ["ENETUNREACH", "unavailable"],
  ["ENOTFOUND", "unavailable"],
  ["EAI_AGAIN", "unavailable"],
  // read_only_sql_transaction: the primary has become a replica.
  ["25006", "unavailable"],
  // query_canceled, which is also how a statement's time limit ends it.
  ["57014", "unavailable"],
  // admin_shutdown, also after pg_terminate_backend; crash_shutdown; cannot_connect_now.
  ["57P01", "unavailable"],
  ["57P02", "unavailable"],
  ["57P03", "unavailable"],
  // serialization_failure, deadlock_detected, lock_not_available.
  ["40001", "conflict"],
  ["40P01", "conflict"],
  ["55P03", "conflict"],
]);
