import type { SecureContext } from "node:tls";
import { Client } from "undici";
import type { Refused, ResolvedAddress } from "./guard.ts";
import { pinnedLookup } from "./pinned-lookup.ts";
import { type Hop, isRedirect } from "./redirect.ts";

export interface Received {
  readonly ok: true;
  readonly status: number;
  readonly location: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export type HopResult = Received | Refused<"CONNECTION_FAILED" | "RESPONSE_TOO_LARGE">;

export interface HopOptions {
  /** Where to connect; the URL's host is not asked for again. */
  readonly addresses: readonly ResolvedAddress[];
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Null: Node's own certificates. */
  readonly trust: SecureContext | null;
}

/**
 * Sends one request over a connection of its own and reads the answer. A connection that another request opened was
 * checked for that one, so it is not reused. Rejects when `signal` aborts.
 */
export async function sendHop(hop: Hop, options: HopOptions): Promise<HopResult> {
  const { signal, maxBytes } = options;
  const client = new Client(hop.url.origin, {
    connect: {
      lookup: pinnedLookup(options.addresses),
      // A client does not end a connection that is still being made, not even when it is destroyed.
      signal,
      ...(options.trust !== null && { secureContext: options.trust }),
    },
    autoSelectFamily: true,
    pipelining: 0,
    // The caller's signal bounds the whole; undici's own timers would only cut it shorter.
    connectTimeout: 0,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  try {
    const path = `${hop.url.pathname}${hop.url.search}`;
    const answer = await client.request({
      method: hop.method,
      path,
      headers: hop.headers,
      body: hop.body,
      signal,
    });
    const { statusCode: status } = answer;
    const headers = joined(answer.headers);
    const location = headers["location"];
    // What a redirect says besides its address is nobody's, and may be endless.
    const body = isRedirect(status, location) ? none : await read(answer.body, maxBytes);
    return body === null ? tooLarge(maxBytes) : { ok: true, status, location, headers, body };
  } catch (error) {
    signal.throwIfAborted();
    const message = `The request to ${hop.url.host} failed${codeOf(error)}`;
    return { ok: false, failure: "CONNECTION_FAILED", message };
  } finally {
    await client.destroy();
  }
}

const none = new Uint8Array();

/** Null as soon as there is more than `maxBytes`. */
async function read(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function joined(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]);
  return Object.fromEntries(entries);
}

/** Codes such as ECONNREFUSED or CERT_HAS_EXPIRED help the author; messages may name addresses. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? ` (${code})` : "";
}

function tooLarge(maxBytes: number): HopResult {
  return {
    ok: false,
    failure: "RESPONSE_TOO_LARGE",
    message: `The response is larger than ${maxBytes} bytes`,
  };
}
