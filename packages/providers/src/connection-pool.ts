import { trusting } from "@gantry/egress";
import type { Dispatcher } from "undici";
import { type AnswerLimits, answerLimits } from "./answer-limits.ts";
import { OriginPools } from "./origin-pools.ts";

export interface ConnectionPoolOptions extends Partial<AnswerLimits> {
  /** A certificate to trust besides the public ones, PEM: that of the local model server. */
  readonly ca?: string;
  /** How long an idle connection is kept when its server names no time. 60 s unless told otherwise. */
  readonly keepAliveMs?: number;
}

export interface OriginConnections {
  readonly origin: string;
  readonly open: number;
  readonly callsInFlight: number;
}

/** The connections of the whole process to all providers. A client object is cheap; an open TLS connection is the warm thing. */
export interface ConnectionPool {
  readonly dispatcher: Dispatcher;
  inspect(): readonly OriginConnections[];
  /** Ends every connection at once; calls in flight fail, so end the runs first. */
  close(): Promise<void>;
}

/** Node's own pool closes an idle socket after 4 s, and the call after that pays a new TLS handshake. */
const defaultKeepAliveMs = 60_000;
/** A server may announce a longer keep-alive, which then counts; not one that outlives the usual load balancer. */
const keepAliveMaxTimeoutMs = 300_000;

/**
 * Makes the process-wide pool. No HTTP/2 (undici serialises POSTs over one connection) and no cap on connections (a stream holds its
 * connection for as long as the model speaks). The timeouts live here and not in an SDK, because an SDK's own ends with the headers
 * and lets a body stall for ever; they are kept by the socket, so a ping counts as life and a slow reader does not count as silence.
 */
export function createConnectionPool(options: ConnectionPoolOptions = {}): ConnectionPool {
  const limits = { ...answerLimits, ...options };
  const trust = trusting(options.ca === undefined ? [] : [options.ca]);
  const pools = new OriginPools({
    keepAliveTimeout: options.keepAliveMs ?? defaultKeepAliveMs,
    keepAliveMaxTimeout: keepAliveMaxTimeoutMs,
    headersTimeout: limits.firstByteTimeoutMs,
    bodyTimeout: limits.betweenBytesTimeoutMs,
    maxResponseSize: limits.responseBytesMax,
    allowH2: false,
    connect: trust === null ? {} : { secureContext: trust },
  });
  return {
    dispatcher: pools,
    inspect: () => pools.inspect(),
    close: () => pools.end(),
  };
}
