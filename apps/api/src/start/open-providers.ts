import { randomBytes } from "node:crypto";
import type { Guard } from "@gantry/egress";
import { cacheBounds, type PlatformKeys } from "@gantry/execution";
import {
  createConnectionPool,
  createProviders,
  guardedTransport,
  type OwnedProviders,
  type PriceTable,
} from "@gantry/providers";
import { startLocalModels } from "./local-models.ts";
import type { Teardown } from "./teardown.ts";

export interface OpenedProviders {
  readonly providers: OwnedProviders;
  readonly platformKeys: PlatformKeys;
  /** Where model calls without a key of somebody's own go: to the local model server, or to those providers that the operator has a key for. */
  readonly models: "local" | "platform";
}

export async function openProviders(
  options: {
    /** Null: a local model server is started to answer in the place of every provider. */
    readonly platformKeys: PlatformKeys | null;
    readonly prices: PriceTable;
    /** Judges the addresses that users name. */
    readonly endpoints: Guard;
  },
  teardown: Teardown,
): Promise<OpenedProviders> {
  const { prices, endpoints } = options;
  const local = options.platformKeys === null ? await startLocalModels() : null;
  if (local !== null) teardown.add(() => local.close());
  const pool = createConnectionPool(local === null ? {} : { ca: local.ca });
  teardown.add(() => pool.close());
  const providers = createProviders({
    pool,
    openUserTransport: () => guardedTransport({ guard: endpoints, trust: null }),
    fingerprintKey: randomBytes(32),
    clients: cacheBounds.providerClients,
    prices,
    now: () => Date.now(),
  });
  teardown.add(async () => providers.close());
  return {
    providers,
    platformKeys: options.platformKeys ?? local?.platformKeys ?? {},
    models: local === null ? "platform" : "local",
  };
}
