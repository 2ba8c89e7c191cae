import type { Guard, Refused } from "@gantry/egress";

/** Sorted, so that the same answer of DNS is always the same text. */
export type ResolvedEndpoint = { readonly ok: true; readonly addresses: readonly string[] } | Refused;

/** Where a base URL leads at this moment, when the guard lets it. For the client's identity only: each request asks again. */
export async function resolveEndpoint(guard: Guard, baseUrl: string): Promise<ResolvedEndpoint> {
  const checked = guard.checkUrl(baseUrl);
  if (!checked.ok) return checked;
  const resolved = await guard.resolveAndCheck(checked.url);
  if (!resolved.ok) return resolved;
  return { ok: true, addresses: resolved.addresses.map(({ address }) => address).toSorted() };
}
