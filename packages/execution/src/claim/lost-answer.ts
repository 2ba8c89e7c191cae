/**
 * The connection broke under the claim, or it was rolled back for another's sake: whether it was taken is not known, or it
 * was not, and asking again at once can tell. Anything else says that the store cannot answer now.
 */
export function answerWasLost(error: unknown): boolean {
  return error instanceof Error && "code" in error && lostCodes.has(String(error.code));
}

const lostCodes: ReadonlySet<string> = new Set([
  // postgres.js's own, and the socket's.
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "ECONNRESET",
  "EPIPE",
  // admin_shutdown of this session, serialization_failure, deadlock_detected.
  "57P01",
  "40001",
  "40P01",
]);
