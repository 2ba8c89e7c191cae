import type { SecureContext } from "node:tls";
import type { Dispatcher } from "undici";
import { EgressRefused } from "./egress-refused.ts";
import { firstHop } from "./first-hop.ts";
import { follow, type SendHop, sendChecked } from "./follow.ts";
import type { Guard, Refused } from "./guard.ts";
import { createPinnedPools } from "./pinned-pools.ts";
import { type Hop, isRedirect } from "./redirect.ts";
import { discard, toResponse } from "./to-response.ts";
import { untilAnswered } from "./until-answered.ts";

/** `fetch` for SDKs whose address a user named, with connections of its own that stay warm. */
export interface GuardedFetch {
  /**
   * Takes a URL and a body that is a string or bytes. Every request is checked, also over a connection that is open: one
   * that the guard refuses rejects with `EgressRefused`, one that fails on the way with a `TypeError` whose cause has the
   * code (`UND_ERR_HEADERS_TIMEOUT`, `ECONNREFUSED`, ...), as `fetch` does. The body fails with such a code of its own:
   * `UND_ERR_BODY_TIMEOUT`, `UND_ERR_RES_EXCEEDED_MAX_SIZE`.
   */
  readonly fetch: typeof globalThis.fetch;
  /** `callsInFlight` counts those whose body is still arriving. */
  inspect(): { readonly connections: number; readonly callsInFlight: number };
  /** Ends every connection at once: calls in flight fail, and so does what is asked for afterwards. */
  close(): Promise<void>;
}

export interface GuardedFetchOptions {
  readonly guard: Guard;
  /** Of `trusting`; null: Node's own certificates. */
  readonly trust: SecureContext | null;
  /** From the request to the answer's headers, with DNS, connection and redirects. */
  readonly firstByteTimeoutMs: number;
  /** Between two chunks of an answer. */
  readonly betweenBytesTimeoutMs: number;
  /** The largest answer, as it travels. */
  readonly responseBytesMax: number;
}

export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const { guard, firstByteTimeoutMs } = options;
  const pools = createPinnedPools(options);

  return {
    async fetch(input, init = {}) {
      const hop = hopOf(input, init);
      const { redirect = "follow", signal = null } = init;
      return untilAnswered(signal, firstByteTimeoutMs, (bounded) => {
        const send = sendOver(bounded, redirect);
        return redirect === "follow" ? following(hop, send) : alone(hop, send, redirect);
      }).catch((error: unknown) => {
        if (error instanceof EgressRefused || signal?.aborted === true) throw error;
        throw new TypeError("fetch failed", { cause: error });
      });
    },
    inspect: () => pools.inspect(),
    close: () => pools.end(),
  };

  function hopOf(input: Parameters<typeof fetch>[0], init: RequestInit): Hop {
    if (input instanceof Request) throw new TypeError("A guarded fetch takes a URL, not a Request");
    const { method = "GET", body = null } = init;
    if (body !== null && typeof body !== "string" && !(body instanceof Uint8Array)) {
      throw new TypeError("A guarded fetch sends a body that is a string or bytes");
    }
    const request = { method: method.toUpperCase(), url: String(input), headers: headersOf(init), body };
    return passed(firstHop(request, guard)).hop;
  }

  async function following(hop: Hop, send: SendHop<Sent>): Promise<Response> {
    return toResponse(passed(await follow(hop, guard, send)).answer.data);
  }

  async function alone(hop: Hop, send: SendHop<Sent>, redirect: Redirects): Promise<Response> {
    const { status, location, data } = passed(await sendChecked(hop, guard, send));
    if (redirect === "error" && isRedirect(status, location)) throw new Error("The server redirects");
    return toResponse(data);
  }

  /** In the turn in which the addresses are known: see `PinnedPools.to`. */
  function sendOver(signal: AbortSignal, redirect: Redirects): SendHop<Sent> {
    return async ({ method, url, headers, body }, addresses) => {
      signal.throwIfAborted();
      const path = `${url.pathname}${url.search}`;
      const pool = pools.to(url.origin, addresses);
      const data = await pool.request({ method, path, headers, body, signal });
      const location = [data.headers["location"]].flat()[0];
      if (redirect !== "manual" && isRedirect(data.statusCode, location)) discard(data);
      return { ok: true, status: data.statusCode, location, data };
    };
  }
}

type Redirects = NonNullable<RequestInit["redirect"]>;

interface Sent {
  readonly ok: true;
  readonly status: number;
  readonly location: string | undefined;
  readonly data: Dispatcher.ResponseData;
}

function headersOf({ headers }: RequestInit): Record<string, string> {
  try {
    return Object.fromEntries(new Headers(headers));
  } catch {
    // Its own words would show the value, which may be a key.
    throw new EgressRefused({ failure: "INVALID_URL", message: "A header's name or value cannot be sent" });
  }
}

function passed<Result extends { readonly ok: true }>(result: Result | Refused): Result {
  if (!result.ok) throw new EgressRefused(result);
  return result;
}
