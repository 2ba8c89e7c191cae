import { availableParallelism } from "node:os";
import type { BillingConfig } from "@gantry/billing";
import { createExecution, type Execution } from "@gantry/execution";
import { runPlan } from "@gantry/execution/engine";
import type { ProvidersInspection } from "@gantry/providers";
import { createSandbox } from "@gantry/sandbox";
import type { Keyring } from "@gantry/secrets";
import type { FastifyBaseLogger } from "fastify";
import { v7 as uuidv7 } from "uuid";
import type { Env } from "../env.ts";
import { loadBilling } from "./billing-config.ts";
import { openClaimStores } from "./claim-stores.ts";
import { executionLog } from "./execution-log.ts";
import { loadPrices } from "./model-prices.ts";
import { openEgress } from "./open-egress.ts";
import { loadOperatorServers, openMcpServers } from "./open-mcp-servers.ts";
import { hotConnections, type Primary } from "./open-primary.ts";
import { type OpenedProviders, openProviders } from "./open-providers.ts";
import { Teardown } from "./teardown.ts";

/** All that runs need. */
export interface Runtime {
  readonly execution: Execution;
  /** Readies everything that would make the first runs slow. */
  warm(): Promise<void>;
  readonly models: OpenedProviders["models"];
  /** Which provider keys this process uses now. Holds no secret. */
  inspectProviders(): ProvidersInspection;
  /** The plans that hold here. */
  readonly billing: BillingConfig;
  /** After `execution.shutdown`. */
  close(): Promise<void>;
}

export interface RuntimeOptions {
  readonly env: Pick<
    Env,
    | "redisUrl"
    | "redisPrefix"
    | "platformKeys"
    | "modelPrices"
    | "mcpServers"
    | "billingEnabled"
    | "billingConfig"
    | "egressAllow"
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
  const prices = await loadPrices(env.modelPrices);
  const operatorServers = await loadOperatorServers(env.mcpServers);
  // Everything that an operator can have got wrong in a file is told before anything is opened.
  const teardown = new Teardown();
  const { egress, endpoints } = openEgress(env.egressAllow);
  teardown.add(() => egress.close());
  const stores = await openClaimStores(env, primary, logger);
  teardown.add(async () => stores.close());
  const own = { platformKeys: env.platformKeys, prices, endpoints };
  const { providers, platformKeys, models } = await openProviders(own, teardown);
  const mcp = openMcpServers(operatorServers, endpoints, teardown);
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
    platformKeys,
    sandbox,
    egress,
    mcp,
    runPlan,
    holder,
    newId: () => uuidv7(),
    now: () => Date.now(),
    monotonic: () => performance.now(),
    random: () => Math.random(),
    leaseMs: 20_000,
    heartbeatMs: 5_000,
    storeTimeoutMs: 5_000,
    log: executionLog(logger),
  });
  const warm = async (): Promise<void> => {
    await Promise.all([execution.warm(hotConnections), sandbox.warm()]);
  };
  return {
    execution,
    warm,
    models,
    inspectProviders: () => providers.inspect(),
    billing,
    close: () => teardown.run(),
  };
}
