import type { Guard, Refused, ResolvedAddress } from "./guard.ts";
import { followRedirect, type Hop, isRedirect } from "./redirect.ts";

/** What a hop must tell to be followed. */
interface HopAnswer {
  readonly ok: true;
  readonly status: number;
  readonly location: string | undefined;
}

/** Sends one hop to one of the addresses and to nowhere else. A redirect's body is the sender's to throw away. */
export type SendHop<Answer extends HopAnswer> = (
  hop: Hop,
  addresses: readonly ResolvedAddress[],
) => Promise<Answer | Refused>;

const REDIRECTS_MAX = 5;

/** Sends a hop and every hop that redirects lead to. Each is checked anew. */
export async function follow<Answer extends HopAnswer>(
  first: Hop,
  guard: Guard,
  send: SendHop<Answer>,
): Promise<{ readonly ok: true; readonly answer: Answer; readonly url: URL } | Refused> {
  let hop = first;
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
    const answer = await sendChecked(hop, guard, send);
    if (!answer.ok) return answer;
    const { status, location } = answer;
    if (!isRedirect(status, location)) return { ok: true, answer, url: hop.url };
    const next = followRedirect(hop, status, location, guard);
    if (!next.ok) return next;
    hop = next.hop;
  }
  const message = `There are more than ${REDIRECTS_MAX} redirects`;
  return { ok: false, failure: "TOO_MANY_REDIRECTS", message };
}

/** Asks for the addresses of the hop's host, judges them all and sends. */
export async function sendChecked<Answer extends HopAnswer>(
  hop: Hop,
  guard: Guard,
  send: SendHop<Answer>,
): Promise<Answer | Refused> {
  const resolved = await guard.resolveAndCheck(hop.url);
  return resolved.ok ? send(hop, resolved.addresses) : resolved;
}
