import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import type { BillingConfig } from "@gantry/billing";
import { createEgress } from "@gantry/egress";
import { cacheBounds, createExecution, type Execution, type PlatformKeys } from "@gantry/execution";
import { runPlan } from "@gantry/execution/engine";
import { startModelServer } from "@gantry/model-server";
import { createConnectionPool, createProviders } from "@gantry/providers";
import { createSandbox } from "@gantry/sandbox";
import type { Keyring } from "@gantry/secrets";
import type { FastifyBaseLogger } from "fastify";
import { v7 as uuidv7 } from "uuid";
import type { Env } from "../env.ts";
import { loadBilling } from "./billing-config.ts";
import { openClaimStores } from "./claim-stores.ts";
import { executionLog } from "./execution-log.ts";
import { hotConnections, type Primary } from "./open-primary.ts";
import { OperatorError } from "./operator-error.ts";
import { Teardown } from "./teardown.ts";

/** All that runs need. */
export interface Runtime {
  readonly execution: Execution;
  /** Readies everything that would make the first runs slow. */
  warm(): Promise<void>;
  readonly models: "local" | "anthropic";
  /** The plans that hold here. */
  readonly billing: BillingConfig;
  /** After `execution.shutdown`. */
  close(): Promise<void>;
}

export interface RuntimeOptions {
  readonly env: Pick<
    Env,
    "redisUrl" | "redisPrefix" | "anthropic" | "billingEnabled" | "billingConfig" | "egressAllow"
  >;
  readonly primary: Pick<Primary, "hot" | "general">;
  readonly keyring: Keyring;
  /** This process, as its leases name it. */
  readonly holder: string;
  readonly logger: FastifyBaseLogger;
}

export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { env, primary, keyring, holder, logger } = options;
  const billing = await loadBilling(env.billingEnabled, env.billingConfig);
  const teardown = new Teardown();
  const egress = openEgress(env.egressAllow);
  teardown.add(() => egress.close());
  const stores = await openClaimStores(env, primary, logger);
  teardown.add(async () => stores.close());
  const models = await openModels(env.anthropic, teardown);
  const pool = createConnectionPool(models.ca === null ? {} : { ca: models.ca });
  teardown.add(() => pool.close());
  const providers = createProviders({
    pool,
    fingerprintKey: randomBytes(32),
    clients: cacheBounds.providerClients,
    now: () => Date.now(),
  });
  teardown.add(async () => providers.close());
  const sandbox = createSandbox({ threadsMax: Math.max(2, availableParallelism()) });
  teardown.add(() => sandbox.close());

  const execution = createExecution({
    hotSql: primary.hot.sql,
    sql: primary.general.sql,
    hotClaims: stores.hotClaims,
    claims: stores.claims,
    billing,
    keyring,
    providers,
    platformKeys: models.platformKeys,
    sandbox,
    egress,
    runPlan,
    holder,
    newId: () => uuidv7(),
    now: () => Date.now(),
    monotonic: () => performance.now(),
    leaseMs: 20_000,
    heartbeatMs: 5_000,
    storeTimeoutMs: 5_000,
    log: executionLog(logger),
  });
  const warm = async (): Promise<void> => {
    await Promise.all([execution.warm(hotConnections), sandbox.warm()]);
  };
  return { execution, warm, models: models.kind, billing, close: () => teardown.run() };
}

interface Models {
  readonly kind: "local" | "anthropic";
  readonly platformKeys: PlatformKeys;
  /** The local model server's certificate. */
  readonly ca: string | null;
}

async function openModels(anthropic: Env["anthropic"], teardown: Teardown): Promise<Models> {
  if (anthropic !== null) {
    const { apiKey, baseUrl } = anthropic;
    const key = baseUrl === null ? { apiKey } : { apiKey, baseUrl };
    return { kind: "anthropic", platformKeys: { anthropic: key }, ca: null };
  }
  // Slow enough to watch, fast enough not to wait.
  const server = await startModelServer({ firstTokenLatencyMs: 200, betweenChunksMs: 15 });
  teardown.add(() => server.close());
  return {
    kind: "local",
    // Not a word: keys are masked wherever they appear in what a run shows.
    platformKeys: { anthropic: { apiKey: `local-${randomBytes(16).toString("hex")}`, baseUrl: server.url } },
    ca: server.ca,
  };
}

function openEgress(allow: readonly string[]) {
  try {
    return createEgress({ policy: { allow } });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`EGRESS_ALLOW cannot be used: ${reason}`, { cause: error });
  }
}
