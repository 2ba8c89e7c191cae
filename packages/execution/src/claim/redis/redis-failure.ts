import { classifyStoreFailure, type StoreFailure } from "@gantry/db";

/**
 * Judges what a command to Redis or Valkey threw: `unavailable` when the server cannot be reached, is starting, full,
 * busy, a replica, or did not answer in time; what it was asked may have been done all the same. Otherwise `defect`.
 */
export function classifyRedisFailure(error: unknown): Exclude<StoreFailure, "conflict"> {
  if (!(error instanceof Error)) return "defect";
  // A refusal of the server begins with its code in capitals.
  const code = /^[A-Z]+(?= )/.exec(error.message)?.[0] ?? "";
  const isUnavailable =
    serverCodes.has(code) ||
    driverNames.has(error.name) ||
    messages.some((message) => error.message.includes(message)) ||
    classifyStoreFailure(error) === "unavailable";
  return isUnavailable ? "unavailable" : "defect";
}

const serverCodes: ReadonlySet<string> = new Set([
  // Reading its data after a start.
  "LOADING",
  // The primary has become a replica, or a replica has lost its primary.
  "READONLY",
  "MASTERDOWN",
  "NOREPLICAS",
  // Out of memory, or it cannot write to its disk.
  "OOM",
  "MISCONF",
  // A script runs for too long.
  "BUSY",
  "UNKILLABLE",
  // A cluster that is being rebuilt.
  "CLUSTERDOWN",
  "TRYAGAIN",
  "MOVED",
  "ASK",
]);

const driverNames: ReadonlySet<string> = new Set(["MaxRetriesPerRequestError", "AbortError"]);

/** Those that carry no code. */
const messages: readonly string[] = [
  "Connection is closed.",
  "Command timed out",
  "Stream isn't writeable",
  "Socket timeout.",
  "max number of clients reached",
];
