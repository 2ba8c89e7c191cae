import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { defaultBilling } from "@gantry/billing";
import { openDatabase } from "@gantry/db";
import { createEgress } from "@gantry/egress";
import { createConnectionPool, createProviders } from "@gantry/providers";
import { createSandbox } from "@gantry/sandbox";
import { createKeyring, hashApiKey } from "@gantry/secrets";
import { v7 as uuidv7 } from "uuid";
import { cacheBounds } from "../caches.ts";
import type { ClaimStore } from "../claim/port.ts";
import { createPostgresClaimStore } from "../claim/postgres/claim-store.ts";
import { createRedisClaimStore } from "../claim/redis/claim-store.ts";
import { openRedis } from "../claim/redis/open-redis.ts";
import type { EngineEvent } from "../engine/events.ts";
import { runPlan } from "../engine/index.ts";
import { createExecution } from "../runs/execution.ts";
import { noMcpServers } from "./no-mcp-servers.ts";

// A process of its own, to be killed: starts runs that do not end and says so. Its one argument is JSON.
const { url, redisUrl, apiKey, workflowId, runs, leaseMs, models }: DoomedTask = JSON.parse(
  process.argv[2] ?? "",
);

export interface DoomedTask {
  readonly url: string;
  /** Where claims are kept. Left out: in PostgreSQL. */
  readonly redisUrl?: string;
  readonly apiKey: string;
  readonly workflowId: string;
  readonly runs: number;
  readonly leaseMs: number;
  /** A model server: the runs are then run by the engine. Without one their first block never ends. */
  readonly models?: { readonly url: string; readonly ca: string };
}

async function* endless(): AsyncGenerator<EngineEvent, void, undefined> {
  const at = Date.now();
  yield { type: "run.started", seq: 1, at };
  yield { type: "block.started", seq: 2, at, blockId: "a", name: "A", blockType: "start", input: {} };
  await new Promise(nothing);
}

const nothing = () => {};
const { sql } = openDatabase({ url, poolMax: 4, applicationName: "doomed" });
const claims = redisUrl === undefined ? createPostgresClaimStore(sql) : await openRedisClaimStore(redisUrl);

async function openRedisClaimStore(address: string): Promise<ClaimStore> {
  const { redis } = openRedis(address, nothing);
  await once(redis, "ready");
  return createRedisClaimStore({ redis, sql, prefix: "gantry" });
}
const execution = createExecution({
  hotSql: sql,
  sql,
  hotClaims: claims,
  claims,
  billing: defaultBilling,
  keyring: createKeyring({ current: { id: "k", key: randomBytes(32) } }),
  providers: createProviders({
    pool: createConnectionPool(models === undefined ? {} : { ca: models.ca }),
    openUserTransport() {
      throw new Error("Nobody names an address here.");
    },
    fingerprintKey: randomBytes(32),
    clients: cacheBounds.providerClients,
    now: Date.now,
  }),
  platformKeys:
    models === undefined
      ? {}
      : {
          anthropic: {
            provider: "anthropic",
            apiKey: "platform-key",
            baseUrl: models.url,
            source: "platform",
          },
        },
  sandbox: createSandbox({ threadsMax: 1 }),
  egress: createEgress({ policy: { allow: [] } }),
  mcp: noMcpServers,
  runPlan: models === undefined ? endless : runPlan,
  holder: uuidv7(),
  newId: uuidv7,
  now: Date.now,
  monotonic: () => performance.now(),
  random: Math.random,
  leaseMs,
  heartbeatMs: leaseMs / 4,
  storeTimeoutMs: 5_000,
  log: {
    admissionUnavailable: nothing,
    settlementDelayed: nothing,
    internalError: nothing,
    leaseError: nothing,
    runsLost: nothing,
    refusalsNotWritten: nothing,
    accountError: nothing,
    observationsNotWritten: nothing,
  },
});
const credential = { kind: "api_key", hash: hashApiKey(apiKey) } as const;
const outcomes = await Promise.all(
  Array.from({ length: runs }, () => execution.start({ credential, workflowId, input: {} })),
);
process.stdout.write(`${outcomes.filter(({ kind }) => kind === "admitted").length} admitted\n`);
// The heartbeat's timer does not keep a process alive; being killed is its end.
setInterval(nothing, 60_000);
