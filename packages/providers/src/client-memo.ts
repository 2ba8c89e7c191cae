import { fingerprint, keyedHash } from "@gantry/secrets";
import { LRUCache } from "lru-cache";
import type { KeySource, ProviderCredential, ProviderId } from "./port.ts";

/** The right to use a client for one call. */
export interface ClientLease<Client> {
  readonly client: Client;
  /** Ends the call; a second time does nothing. */
  release(): void;
}

export interface MemoizedClient {
  readonly provider: ProviderId;
  readonly source: KeySource;
  /** The first twelve digits of the key's keyed hash. */
  readonly keyFingerprint: string;
  readonly callsInFlight: number;
  /** Unix milliseconds. */
  readonly lastUsedAt: number;
  /** True: no new call gets this client; it is closed when the last one in flight ends. */
  readonly draining: boolean;
}

export interface ClientMemo<Client> {
  lease(credential: ProviderCredential, create: () => Client): ClientLease<Client>;
  /** Lets go of clients that have been idle too long. Called now and then, so that an unused key does not stay in memory. */
  sweep(): void;
  inspect(): readonly MemoizedClient[];
  /** Lets go of every client; those with calls in flight are closed when the calls end. */
  close(): void;
}

interface Entry<Client> {
  readonly client: Client;
  readonly credential: {
    readonly provider: ProviderId;
    readonly source: KeySource;
    readonly keyFingerprint: string;
  };
  callsInFlight: number;
  lastUsedAt: number;
  evicted: boolean;
}

export interface ClientBounds {
  /** Beyond it the client that was used least recently leaves. */
  readonly entriesMax: number;
  /** Since its last use. */
  readonly idleMaxMs: number;
}

/**
 * One client per distinct credential, found by a keyed hash of everything that varies it: two credentials never share a client, and a
 * rotated key is used by the very next call. A client that is evicted stays open until the calls that use it have ended.
 */
export function createClientMemo<Client>(options: {
  readonly fingerprintKey: Buffer;
  readonly now: () => number;
  readonly closeClient: (client: Client) => void;
  readonly bounds: ClientBounds;
}): ClientMemo<Client> {
  const draining = new Set<Entry<Client>>();
  const entries = new LRUCache<string, Entry<Client>>({
    max: options.bounds.entriesMax,
    ttl: options.bounds.idleMaxMs,
    updateAgeOnGet: true,
    ttlResolution: 0,
    perf: { now: options.now },
    dispose(entry) {
      entry.evicted = true;
      if (entry.callsInFlight === 0) options.closeClient(entry.client);
      else draining.add(entry);
    },
  });

  return {
    lease(credential, create) {
      const key = keyedHash(options.fingerprintKey, identityOf(credential));
      let entry = entries.get(key);
      if (entry === undefined) {
        entry = {
          client: create(),
          credential: {
            provider: credential.provider,
            source: credential.source,
            keyFingerprint: fingerprint(credential.apiKey, options.fingerprintKey).slice(0, 12),
          },
          callsInFlight: 0,
          lastUsedAt: 0,
          evicted: false,
        };
        entries.set(key, entry);
      }
      entry.callsInFlight += 1;
      entry.lastUsedAt = options.now();
      return leaseOf(entry);
    },
    sweep() {
      entries.purgeStale();
    },
    inspect: () =>
      [...entries.values(), ...draining].map((entry) => ({
        ...entry.credential,
        callsInFlight: entry.callsInFlight,
        lastUsedAt: entry.lastUsedAt,
        draining: entry.evicted,
      })),
    close() {
      entries.clear();
    },
  };

  function leaseOf(entry: Entry<Client>): ClientLease<Client> {
    let held = true;
    return {
      client: entry.client,
      release() {
        if (!held) return;
        held = false;
        entry.callsInFlight -= 1;
        entry.lastUsedAt = options.now();
        if (entry.evicted && entry.callsInFlight === 0) {
          draining.delete(entry);
          options.closeClient(entry.client);
        }
      },
    };
  }
}

/** Every field of a credential. One that is added and not placed here does not compile. */
function identityOf(credential: ProviderCredential): readonly (string | null)[] {
  const { provider, apiKey, baseUrl, source, ...others } = credential;
  const noOthers: Readonly<Record<string, never>> = others;
  void noOthers;
  return [provider, apiKey, baseUrl ?? null, source];
}
