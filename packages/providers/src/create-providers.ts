import type { Adapter, AdapterClient } from "./adapter.ts";
import { anthropicAdapter } from "./anthropic/anthropic-adapter.ts";
import { azureAnthropicAdapter } from "./azure-anthropic/azure-anthropic-adapter.ts";
import { bedrockAdapter } from "./bedrock/bedrock-adapter.ts";
import { cerebrasAdapter } from "./cerebras/cerebras-adapter.ts";
import { type ClientBounds, type ClientLife, createClientMemo, type KeyInUse } from "./client-memo.ts";
import type { ConnectionPool, OriginConnections } from "./connection-pool.ts";
import { googleAdapter } from "./google/google-adapter.ts";
import { groqAdapter } from "./groq/groq-adapter.ts";
import { createModelProvider } from "./model-provider.ts";
import { openaiAdapter } from "./openai/openai-adapter.ts";
import type { ProviderId, Providers } from "./port.ts";
import { createPriceTable, type PriceTable } from "./prices/price-table.ts";
import { type OwnedTransport, sharedTransport } from "./transport.ts";
import { vllmAdapter } from "./vllm/vllm-adapter.ts";

export interface ProvidersOptions {
  /** The process-wide pool. Its owner closes it. */
  readonly pool: ConnectionPool;
  /** Opens connections of one client's own to an address that a user named, checked anew for every request. */
  readonly openUserTransport: () => OwnedTransport;
  /** Keys the fingerprints by which clients are found: 32 random bytes, the same for the life of the process. */
  readonly fingerprintKey: Buffer;
  readonly clients: ClientBounds;
  /** Of every provider's clients; each provider's own unless told otherwise. Whether it is the right one is what this is for. */
  readonly clientLife?: ClientLife;
  /** The list prices unless told otherwise. */
  readonly prices?: PriceTable;
  /** Unix milliseconds. */
  readonly now: () => number;
}

export interface ProvidersInspection {
  /** Keys that were used of late. */
  readonly keys: readonly KeyInUse[];
  /** Connections that all keys share, per origin. */
  readonly connections: readonly OriginConnections[];
}

export interface OwnedProviders extends Providers {
  /** What is warm now: for the admin page and for tests. Holds no secret. */
  inspect(): ProvidersInspection;
  /** Lets go of every client. Calls in flight go on to their end. */
  close(): void;
}

const sweepEveryMs = 60_000;

/** Which clients are worth keeping between calls: measured by `pnpm bench adapters`, see decision 16. */
const clientLives: Readonly<Record<ProviderId, ClientLife>> = {
  anthropic: "kept",
  "azure-anthropic": "kept",
  bedrock: "kept",
  vllm: "kept",
  openai: "one_call",
  groq: "one_call",
  cerebras: "one_call",
  google: "one_call",
};

/** Every provider over one memo of clients and one pool of connections. */
export function createProviders(options: ProvidersOptions): OwnedProviders {
  const { pool, now } = options;
  const memo = createClientMemo<AdapterClient>({
    fingerprintKey: options.fingerprintKey,
    bounds: options.clients,
    now,
  });
  const sweeping = setInterval(() => memo.sweep(), sweepEveryMs).unref();
  const parts = {
    memo,
    shared: sharedTransport(pool.dispatcher),
    openUserTransport: options.openUserTransport,
    prices: options.prices ?? createPriceTable(),
    now,
  };
  const provider = <Id extends ProviderId>(adapter: Adapter<Id>) =>
    createModelProvider(adapter, options.clientLife ?? clientLives[adapter.provider], parts);

  return {
    anthropic: provider(anthropicAdapter),
    "azure-anthropic": provider(azureAnthropicAdapter),
    bedrock: provider(bedrockAdapter),
    vllm: provider(vllmAdapter),
    openai: provider(openaiAdapter),
    groq: provider(groqAdapter),
    cerebras: provider(cerebrasAdapter),
    google: provider(googleAdapter),
    inspect: () => ({ keys: memo.inspect(), connections: pool.inspect() }),
    close() {
      clearInterval(sweeping);
      memo.close();
    },
  };
}
