import type { Dispatcher } from "undici";

/** How an SDK reaches its provider: given to it in place of the global `fetch`. Follows no redirect. */
export interface Transport {
  readonly fetch: typeof globalThis.fetch;
}

/**
 * Over connections that are shared by everybody: an HTTP/1.1 connection knows no tenant, each request carries its own
 * key. For addresses that the operator or the provider's own list named. These APIs never redirect, and a key must not
 * follow a redirect anywhere.
 */
export function sharedTransport(dispatcher: Dispatcher): Transport {
  // Node's own fetch takes a dispatcher of the undici package; the types of the two do not agree on it.
  const ours: object = { dispatcher, redirect: "error" };
  return { fetch: (input, init) => fetch(input, { ...init, ...ours }) };
}

/** A transport with connections that nobody else uses. */
export interface OwnedTransport extends Transport {
  /** How many are open. */
  connections(): number;
  /** Ends them; called when no call uses them. */
  close(): void;
}
