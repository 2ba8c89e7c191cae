import { keyedHash } from "@gantry/secrets";
import { LRUCache } from "lru-cache";
import type { KeySource, ProviderCredential, ProviderId } from "./port.ts";
import { secretsOf } from "./secrets-of.ts";

/** A client together with what it alone holds open. */
export interface OwnedClient<Client> {
  readonly client: Client;
  /** Open connections that nobody else uses; null where its connections are the process's. */
  connections(): number | null;
  /** Called once, when no call uses it any more. */
  close(): void;
}

/** The right to use a client for one call. */
export interface ClientLease<Client> {
  readonly client: Client;
  /** Ends the call; a second time does nothing. */
  release(): void;
}

/** One key as it is used by this process. */
export interface KeyInUse {
  readonly provider: ProviderId;
  readonly source: KeySource;
  /** The first twelve digits of the keyed hash of the key's secrets. */
  readonly keyFingerprint: string;
  /** Client objects that exist now. */
  readonly clients: number;
  readonly callsInFlight: number;
  /** Open connections that no other key uses; null where the key's calls go over the process's own. */
  readonly connections: number | null;
  /** Unix milliseconds. */
  readonly lastUsedAt: number;
  /** True: no new call gets this client; it is closed when the last one in flight ends. */
  readonly draining: boolean;
}

/** Everything that varies a client. */
export interface ClientIdentity {
  readonly credential: ProviderCredential;
  /** As its adapter lists them. */
  readonly parts: readonly (string | null)[];
}

/** How long a client lives: until it is idle for too long, or for one call where making one costs nothing. */
export type ClientLife = "kept" | "one_call";

export interface ClientMemo<Client> {
  lease(identity: ClientIdentity, life: ClientLife, create: () => OwnedClient<Client>): ClientLease<Client>;
  /** Lets go of clients that have been idle too long. Called now and then, so that an unused key does not stay in memory. */
  sweep(): void;
  inspect(): readonly KeyInUse[];
  /** Lets go of every client; those with calls in flight are closed when the calls end. */
  close(): void;
}

interface Entry<Client> {
  readonly key: Pick<KeyInUse, "provider" | "source" | "keyFingerprint">;
  /** Null as long as every call made its own. */
  kept: OwnedClient<Client> | null;
  ofOneCall: number;
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
  readonly bounds: ClientBounds;
}): ClientMemo<Client> {
  const { fingerprintKey, now } = options;
  const draining = new Set<Entry<Client>>();
  const entries = new LRUCache<string, Entry<Client>>({
    max: options.bounds.entriesMax,
    ttl: options.bounds.idleMaxMs,
    updateAgeOnGet: true,
    ttlResolution: 0,
    perf: { now },
    dispose(entry) {
      entry.evicted = true;
      if (entry.callsInFlight === 0) entry.kept?.close();
      else draining.add(entry);
    },
  });

  return {
    lease({ credential, parts }, life, create) {
      const { provider, source } = credential;
      const hash = keyedHash(fingerprintKey, [provider, source, ...parts]);
      let entry = entries.get(hash);
      if (entry === undefined) {
        const keyFingerprint = keyedHash(fingerprintKey, secretsOf(credential)).slice(0, 12);
        entry = {
          key: { provider, source, keyFingerprint },
          kept: null,
          ofOneCall: 0,
          callsInFlight: 0,
          lastUsedAt: 0,
          evicted: false,
        };
        entries.set(hash, entry);
      }
      let owned: OwnedClient<Client>;
      if (life === "one_call") owned = create();
      else {
        owned = entry.kept ?? create();
        entry.kept = owned;
      }
      entry.callsInFlight += 1;
      if (life === "one_call") entry.ofOneCall += 1;
      entry.lastUsedAt = now();
      return leaseOf(entry, owned, life);
    },
    sweep() {
      entries.purgeStale();
    },
    inspect: () =>
      [...entries.values(), ...draining].map((entry) => ({
        ...entry.key,
        clients: entry.ofOneCall + (entry.kept === null ? 0 : 1),
        callsInFlight: entry.callsInFlight,
        connections: entry.kept?.connections() ?? null,
        lastUsedAt: entry.lastUsedAt,
        draining: entry.evicted,
      })),
    close() {
      entries.clear();
    },
  };

  function leaseOf(entry: Entry<Client>, owned: OwnedClient<Client>, life: ClientLife): ClientLease<Client> {
    let held = true;
    return {
      client: owned.client,
      release() {
        if (!held) return;
        held = false;
        entry.callsInFlight -= 1;
        entry.lastUsedAt = now();
        if (life === "one_call") {
          entry.ofOneCall -= 1;
          owned.close();
        }
        if (entry.evicted && entry.callsInFlight === 0) {
          draining.delete(entry);
          entry.kept?.close();
        }
      },
    };
  }
}
