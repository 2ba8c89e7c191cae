import type Anthropic from "@anthropic-ai/sdk";
import { createAnthropicProvider } from "./anthropic/anthropic-provider.ts";
import { type ClientBounds, createClientMemo, type MemoizedClient } from "./client-memo.ts";
import type { ConnectionPool, OriginConnections } from "./connection-pool.ts";
import type { Providers } from "./port.ts";
import { createPriceTable, type PriceTable } from "./prices.ts";

export interface ProvidersOptions {
  /** The process-wide pool. Its owner closes it. */
  readonly pool: ConnectionPool;
  /** Keys the fingerprints by which clients are found: 32 random bytes, the same for the life of the process. */
  readonly fingerprintKey: Buffer;
  readonly clients: ClientBounds;
  /** The list prices unless told otherwise. */
  readonly prices?: PriceTable;
  /** Unix milliseconds. */
  readonly now: () => number;
}

export interface ProvidersInspection {
  readonly clients: readonly MemoizedClient[];
  readonly connections: readonly OriginConnections[];
}

export interface OwnedProviders extends Providers {
  /** What is warm now: for the admin page and for tests. Holds no secret. */
  inspect(): ProvidersInspection;
  /** Lets go of every client. Calls in flight go on to their end. */
  close(): void;
}

const sweepEveryMs = 60_000;

/** Every provider over one memo of clients and one pool of connections. */
export function createProviders(options: ProvidersOptions): OwnedProviders {
  const { pool, now } = options;
  const memo = createClientMemo<Anthropic>({
    fingerprintKey: options.fingerprintKey,
    bounds: options.clients,
    now,
    // An Anthropic client holds no connection of its own: they are the pool's.
    closeClient: () => undefined,
  });
  const sweeping = setInterval(() => memo.sweep(), sweepEveryMs).unref();

  return {
    anthropic: createAnthropicProvider({ pool, memo, prices: options.prices ?? createPriceTable(), now }),
    inspect: () => ({ clients: memo.inspect(), connections: pool.inspect() }),
    close() {
      clearInterval(sweeping);
      memo.close();
    },
  };
}
