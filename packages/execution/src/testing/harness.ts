import { randomBytes } from "node:crypto";
import { type BillingConfig, defaultBilling } from "@gantry/billing";
import { openDatabase } from "@gantry/db";
import { createTestDatabase, type TestDatabase } from "@gantry/db/testing";
import { createEgress, createGuard, trusting } from "@gantry/egress";
import { type ModelServer, startModelServer } from "@gantry/model-server";
import { createConnectionPool, createProviders, guardedTransport, type Providers } from "@gantry/providers";
import { createSandbox } from "@gantry/sandbox";
import { createKeyring, hashApiKey, type Keyring } from "@gantry/secrets";
import { v7 as uuidv7 } from "uuid";
import type { Credential } from "../admission/facts.ts";
import { cacheBounds } from "../caches.ts";
import { createPostgresClaimStore } from "../claim/postgres/claim-store.ts";
import type { RunPlan } from "../engine/engine.ts";
import { runPlan } from "../engine/index.ts";
import { createExecution, type Execution, type ExecutionDeps, type ExecutionLog } from "../runs/execution.ts";
import { noMcpServers } from "./no-mcp-servers.ts";

export interface Harness extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly execution: Execution;
  readonly keyring: Keyring;
  readonly models: ModelServer;
  readonly providers: Providers;
  /** What the service told its operator. */
  readonly told: readonly { readonly what: string; readonly error: unknown }[];
  /** Another process on the same database, as far as the database can tell. */
  another(overrides?: Partial<ExecutionDeps>): Execution;
}

export interface HarnessOptions {
  readonly billing?: Partial<BillingConfig>;
  readonly deps?: Partial<ExecutionDeps>;
  /** Puts something between the service (not the test) and its database; answers with a port on 127.0.0.1. */
  readonly proxy?: (database: URL) => Promise<number>;
  readonly runPlan?: RunPlan;
}

/** The whole service on a database of its own, with the real engine, sandbox and SDK, and the local model server. */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const database = await createTestDatabase();
  const models = await startModelServer({});
  const pool = createConnectionPool({ ca: models.ca });
  const guard = createGuard({ policy: { allow: ["127.0.0.1/32"] } });
  const trust = trusting([models.ca]);
  const providers = createProviders({
    pool,
    openUserTransport: () => guardedTransport({ guard, trust }),
    fingerprintKey: randomBytes(32),
    clients: cacheBounds.providerClients,
    now: Date.now,
  });
  const sandbox = createSandbox({ threadsMax: 1 });
  const egress = createEgress({ policy: { allow: [] } });
  const url = await serviceUrl(database.url, options.proxy);
  const hot = openDatabase({
    url,
    poolMax: 16,
    applicationName: "test-hot",
    hot: true,
    statementTimeoutMs: 5_000,
  });
  const cold = openDatabase({ url, poolMax: 8, applicationName: "test", statementTimeoutMs: 10_000 });
  const keyring = createKeyring({ current: { id: "test", key: randomBytes(32) } });
  const told: { what: string; error: unknown }[] = [];
  const tell = (what: string) => (error: unknown) => void told.push({ what, error });
  const log: ExecutionLog = {
    admissionUnavailable: tell("admissionUnavailable"),
    settlementDelayed: tell("settlementDelayed"),
    internalError: tell("internalError"),
    leaseError: tell("leaseError"),
    runsLost: tell("runsLost"),
    refusalsNotWritten: tell("refusalsNotWritten"),
    accountError: tell("accountError"),
    observationsNotWritten: tell("observationsNotWritten"),
  };
  const started: Execution[] = [];
  const another = (overrides: Partial<ExecutionDeps> = {}): Execution => {
    const execution = createExecution({
      hotSql: hot.sql,
      sql: cold.sql,
      hotClaims: createPostgresClaimStore(hot.sql),
      claims: createPostgresClaimStore(cold.sql),
      billing: { ...defaultBilling, ...options.billing },
      keyring,
      providers,
      platformKeys: {
        anthropic: { provider: "anthropic", apiKey: "platform-key", baseUrl: models.url, source: "platform" },
      },
      sandbox,
      egress,
      mcp: noMcpServers,
      runPlan: options.runPlan ?? runPlan,
      holder: uuidv7(),
      newId: uuidv7,
      now: Date.now,
      monotonic: () => performance.now(),
      random: Math.random,
      leaseMs: 20_000,
      heartbeatMs: 5_000,
      storeTimeoutMs: 5_000,
      log,
      ...options.deps,
      ...overrides,
    });
    started.push(execution);
    return execution;
  };
  const execution = another();
  return {
    database,
    execution,
    keyring,
    models,
    providers,
    told,
    another,
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(started.map((one) => one.shutdown(0)));
      await hot.close();
      await cold.close();
      await sandbox.close();
      await egress.close();
      providers.close();
      await pool.close();
      await models.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

async function serviceUrl(url: string, proxy: HarnessOptions["proxy"]): Promise<string> {
  if (proxy === undefined) return url;
  const through = new URL(url);
  through.port = String(await proxy(through));
  through.hostname = "127.0.0.1";
  return through.href;
}

export function withKey(secret: string): Credential {
  return { kind: "api_key", hash: hashApiKey(secret) };
}
