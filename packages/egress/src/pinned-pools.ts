import { setMaxListeners } from "node:events";
import type { SecureContext } from "node:tls";
import { errors, Pool } from "undici";
import type { ResolvedAddress } from "./guard.ts";
import { pinnedLookup } from "./pinned-lookup.ts";

export interface PinnedPools {
  /**
   * The connections to an origin at exactly these addresses. Ask for them right before each request and send it in the same
   * turn: connections to other addresses of the origin take no request from here on, and end when theirs have ended. Throws
   * once everything was ended.
   */
  to(origin: string, addresses: readonly ResolvedAddress[]): Pool;
  inspect(): { readonly connections: number; readonly callsInFlight: number };
  /** Ends every connection at once, those being opened too. */
  end(): Promise<void>;
}

export interface PinnedPoolsOptions {
  readonly trust: SecureContext | null;
  readonly firstByteTimeoutMs: number;
  readonly betweenBytesTimeoutMs: number;
  readonly responseBytesMax: number;
}

/** As in the pool to the providers: Node's own closes an idle socket after 4 s. */
const keepAliveTimeoutMs = 60_000;
const keepAliveMaxTimeoutMs = 300_000;

/** One undici `Pool` per origin and set of addresses: a connection stays warm, but only for a request that was checked for its address. */
export function createPinnedPools(options: PinnedPoolsOptions): PinnedPools {
  const newest = new Map<string, { readonly addresses: string; readonly pool: Pool }>();
  const retired = new Set<Pool>();
  const ending = new AbortController();
  // Every socket listens to it.
  setMaxListeners(0, ending.signal);

  return {
    to(origin, addresses) {
      if (ending.signal.aborted) throw new errors.ClientDestroyedError();
      const set = setOf(addresses);
      const known = newest.get(origin);
      if (known?.addresses === set) return known.pool;
      forgetUnused();
      if (known !== undefined) retire(known.pool);
      const pool = open(origin, addresses);
      newest.set(origin, { addresses: set, pool });
      return pool;
    },
    inspect() {
      const stats = all().map((pool) => pool.stats);
      return {
        connections: stats.reduce((sum, { connected }) => sum + connected, 0),
        callsInFlight: stats.reduce((sum, { size }) => sum + size, 0),
      };
    },
    async end() {
      const ended = all().map((pool) => pool.destroy());
      // A pool does not end a connection that is still being made, not even when it is destroyed.
      ending.abort();
      newest.clear();
      retired.clear();
      await Promise.all(ended);
    },
  };

  function all(): Pool[] {
    return [...retired, ...[...newest.values()].map(({ pool }) => pool)];
  }

  function open(origin: string, addresses: readonly ResolvedAddress[]): Pool {
    const { trust } = options;
    return new Pool(origin, {
      keepAliveTimeout: keepAliveTimeoutMs,
      keepAliveMaxTimeout: keepAliveMaxTimeoutMs,
      headersTimeout: options.firstByteTimeoutMs,
      bodyTimeout: options.betweenBytesTimeoutMs,
      maxResponseSize: options.responseBytesMax,
      allowH2: false,
      autoSelectFamily: true,
      connect: {
        lookup: pinnedLookup(addresses),
        signal: ending.signal,
        ...(trust !== null && { secureContext: trust }),
      },
    });
  }

  function retire(pool: Pool): void {
    retired.add(pool);
    void pool.close().then(() => retired.delete(pool));
  }

  /** Users name origins without end; one whose connections are gone is not kept. */
  function forgetUnused(): void {
    for (const [origin, { pool }] of newest) {
      const { connected, size } = pool.stats;
      if (connected === 0 && size === 0) newest.delete(origin);
    }
  }
}

function setOf(addresses: readonly ResolvedAddress[]): string {
  return addresses
    .map(({ address }) => address)
    .toSorted()
    .join(" ");
}
