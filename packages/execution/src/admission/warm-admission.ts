import { warm } from "@gantry/db";
import type postgres from "postgres";
import type { ClaimRequest } from "../claim/port.ts";
import { createPostgresClaimStore } from "../claim/postgres/claim-store.ts";
import { readFacts } from "./facts.ts";

/**
 * Opens this many connections and prepares the facts and claim statements on each by asking about nobody. Without it
 * the first run on a connection pays for connecting (about 21 ms) and for one more round trip per statement.
 */
export async function warmAdmission(sql: postgres.Sql, connections: number): Promise<void> {
  await warm(sql, connections, async (connection) => {
    const request = { workflowId: "", definition: "active", compiledVersionId: null } as const;
    await readFacts(connection, { ...request, credential: { kind: "api_key", hash: "" } });
    await readFacts(connection, { ...request, credential: { kind: "session", token: "" } });
    await createPostgresClaimStore(connection).inspect(nobody);
  });
}

const nobody: ClaimRequest = {
  runId: "",
  payerId: "",
  userId: "",
  workspaceId: "",
  workflowId: "",
  versionId: null,
  apiKeyId: null,
  profile: "api",
  plan: "free",
  payer: "",
  input: "{}",
  decision: "[]",
  holder: "",
  epoch: 1,
  leaseMs: 0,
  deadlineMs: 0,
  expectedMs: 0,
  rate: { counter: "sync", perMinute: 1, capacity: 1 },
  concurrentRunsMax: 1,
  holdMicros: 1,
  limitMicros: 1,
  memberLimitMicros: 1,
  periodStart: "1970-01-01T00:00:00Z",
  countsForMember: false,
  known: { ageMs: 0, settledMicros: 0, memberSettledMicros: 0 },
};
