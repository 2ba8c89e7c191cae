import { createHash } from "node:crypto";
import type { Server } from "node:https";

/** Counted since the server started or since `reset`. */
export interface ModelServerStats {
  /** TCP connections accepted. */
  readonly connections: number;
  /** TLS handshakes completed, resumed ones included. */
  readonly tlsHandshakes: number;
  readonly requests: number;
  readonly requestsInFlight: number;
  /** SHA-256, in hex, of the API key of each request, oldest first; the newest 20,000. Null: the request had none. */
  readonly requestKeys: readonly (string | null)[];
}

const requestKeysMax = 20_000;

/** Counts what reaches a server. */
export function createStatsCounter(server: Server) {
  let connections = 0;
  let tlsHandshakes = 0;
  let requests = 0;
  let requestsInFlight = 0;
  let requestKeys: (string | null)[] = [];

  server.on("connection", () => {
    connections += 1;
  });
  server.on("secureConnection", () => {
    tlsHandshakes += 1;
  });

  return {
    requestStarted(apiKey: string | null): void {
      requests += 1;
      requestsInFlight += 1;
      requestKeys.push(apiKey === null ? null : createHash("sha256").update(apiKey).digest("hex"));
      if (requestKeys.length > requestKeysMax) requestKeys.shift();
    },
    requestEnded(): void {
      requestsInFlight -= 1;
    },
    /** Starts counting anew; requests in flight stay counted. */
    reset(): void {
      connections = 0;
      tlsHandshakes = 0;
      requests = 0;
      requestKeys = [];
    },
    stats(): ModelServerStats {
      return { connections, tlsHandshakes, requests, requestsInFlight, requestKeys: [...requestKeys] };
    },
  };
}
