import type { Server } from "node:https";
import type { Socket } from "node:net";
import { createBoundedCounter } from "./bounded-counter.ts";
import { keyHash } from "./key-hash.ts";

/**
 * Counted since the server started or since `reset`. Keys are told as SHA-256, in hex; on Bedrock the key is the
 * access key id of the signature. Null: the request had none.
 */
export interface ModelServerStats {
  /** TCP connections accepted. */
  readonly connections: number;
  /** Of them and of those before, how many are open now. */
  readonly connectionsOpen: number;
  /** TLS handshakes completed, resumed ones included. */
  readonly tlsHandshakes: number;
  readonly requests: number;
  readonly requestsInFlight: number;
  /** The key of each request, oldest first; the newest 20,000. */
  readonly requestKeys: readonly (string | null)[];
  /** How many requests came with each key; the 20,000 keys that were used last. */
  readonly requestsByKey: readonly { readonly key: string | null; readonly requests: number }[];
  /**
   * Which keys came over each connection, which has its number in the order of arrival; the 20,000 pairs that were
   * used last.
   */
  readonly connectionKeys: readonly ConnectionKey[];
}

export interface ConnectionKey {
  readonly connection: number;
  readonly key: string | null;
  readonly requests: number;
}

const keptMax = 20_000;

/** Counts what reaches a server. */
export function createStatsCounter(server: Server) {
  const connectionNumbers = new WeakMap<Socket, number>();
  let connectionsEver = 0;
  let connections = 0;
  let connectionsOpen = 0;
  let tlsHandshakes = 0;
  let requests = 0;
  let requestsInFlight = 0;
  let requestKeys: (string | null)[] = [];
  const byKey = createBoundedCounter<{ readonly key: string | null }>(keptMax);
  const byConnection = createBoundedCounter<{ readonly connection: number; readonly key: string | null }>(
    keptMax,
  );

  server.on("connection", (socket) => {
    connections += 1;
    connectionsOpen += 1;
    socket.once("close", () => {
      connectionsOpen -= 1;
    });
  });
  server.on("secureConnection", (socket) => {
    tlsHandshakes += 1;
    connectionsEver += 1;
    connectionNumbers.set(socket, connectionsEver);
  });

  return {
    requestStarted(socket: Socket, apiKey: string | null): void {
      const key = apiKey === null ? null : keyHash(apiKey);
      const connection = connectionNumbers.get(socket) ?? 0;
      requests += 1;
      requestsInFlight += 1;
      requestKeys.push(key);
      if (requestKeys.length > keptMax) requestKeys.shift();
      byKey.count(String(key), { key });
      byConnection.count(`${connection} ${key}`, { connection, key });
    },
    requestEnded(): void {
      requestsInFlight -= 1;
    },
    /** Starts counting anew; requests in flight and open connections stay counted, and connections keep their numbers. */
    reset(): void {
      connections = 0;
      tlsHandshakes = 0;
      requests = 0;
      requestKeys = [];
      byKey.clear();
      byConnection.clear();
    },
    stats(): ModelServerStats {
      return {
        connections,
        connectionsOpen,
        tlsHandshakes,
        requests,
        requestsInFlight,
        requestKeys: [...requestKeys],
        requestsByKey: byKey.counts().map(({ what, count }) => ({ ...what, requests: count })),
        connectionKeys: byConnection.counts().map(({ what, count }) => ({ ...what, requests: count })),
      };
    },
  };
}
