import type { Guard, Refused } from "./guard.ts";
import { type RequestHeaders, withoutContent, withoutCredentials } from "./request-headers.ts";

/** One request to one URL. */
export interface Hop {
  readonly method: string;
  readonly url: URL;
  readonly headers: RequestHeaders;
  readonly body: string | Uint8Array | null;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export function isRedirect(status: number, location: string | undefined): location is string {
  return REDIRECTS.has(status) && location !== undefined;
}

/**
 * The request that a redirect asks for, with the method and body rules of the Fetch standard. What was dropped on the way
 * stays dropped, also when a later redirect leads back to the first origin.
 */
export function followRedirect(
  hop: Hop,
  status: number,
  location: string,
  guard: Guard,
): { readonly ok: true; readonly hop: Hop } | Refused {
  const checked = guard.checkUrl(location, hop.url.href);
  if (!checked.ok) return checked;
  const { url } = checked;
  if (hop.url.protocol === "https:" && url.protocol === "http:") {
    const message = "The server redirects from https to http, which would send the request in the clear";
    return { ok: false, failure: "SCHEME_NOT_ALLOWED", message };
  }
  const kept = url.origin === hop.url.origin ? hop.headers : withoutCredentials(hop.headers);
  if (!becomesGet(status, hop.method)) return { ok: true, hop: { ...hop, url, headers: kept } };
  return { ok: true, hop: { method: "GET", url, headers: withoutContent(kept), body: null } };
}

function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== "GET" && method !== "HEAD";
  return (status === 301 || status === 302) && method === "POST";
}
