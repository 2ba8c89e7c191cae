import { randomBytes } from "node:crypto";
import { defaultBilling } from "@gantry/billing";
import { openDatabase } from "@gantry/db";
import { createEgress } from "@gantry/egress";
import { createConnectionPool, createProviders } from "@gantry/providers";
import { createSandbox } from "@gantry/sandbox";
import { createKeyring, hashApiKey } from "@gantry/secrets";
import { v7 as uuidv7 } from "uuid";
import { cacheBounds } from "../caches.ts";
import type { EngineEvent } from "../engine/events.ts";
import { createExecution } from "../runs/execution.ts";

// A process of its own, to be killed: starts runs that never end and says so. Its one argument is JSON.
const { url, apiKey, workflowId, runs, leaseMs }: DoomedTask = JSON.parse(process.argv[2] ?? "");

export interface DoomedTask {
  readonly url: string;
  readonly apiKey: string;
  readonly workflowId: string;
  readonly runs: number;
  readonly leaseMs: number;
}

const { sql } = openDatabase({ url, poolMax: 4, applicationName: "doomed" });
const nothing = () => {};
const execution = createExecution({
  hotSql: sql,
  sql,
  billing: defaultBilling,
  keyring: createKeyring({ current: { id: "k", key: randomBytes(32) } }),
  providers: createProviders({
    pool: createConnectionPool({}),
    fingerprintKey: randomBytes(32),
    clients: cacheBounds.providerClients,
    now: Date.now,
  }),
  platformKeys: {},
  sandbox: createSandbox({ threadsMax: 1 }),
  egress: createEgress({ policy: { allow: [] } }),
  async *runPlan(): AsyncGenerator<EngineEvent, void, undefined> {
    const at = Date.now();
    yield { type: "run.started", seq: 1, at };
    yield { type: "block.started", seq: 2, at, blockId: "a", name: "A", blockType: "start", input: {} };
    await new Promise(nothing);
  },
  holder: uuidv7(),
  newId: uuidv7,
  now: Date.now,
  monotonic: () => performance.now(),
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
  },
});
const credential = { kind: "api_key", hash: hashApiKey(apiKey) } as const;
const outcomes = await Promise.all(
  Array.from({ length: runs }, () => execution.start({ credential, workflowId, input: {} })),
);
process.stdout.write(`${outcomes.filter(({ kind }) => kind === "admitted").length} admitted\n`);
// The heartbeat's timer does not keep a process alive; being killed is its end.
setInterval(nothing, 60_000);
