import { setMaxListeners } from "node:events";
import { createGuard, type Guard, type Resolve } from "./guard.ts";
import type { Egress, EgressFailure, EgressPolicy, EgressRequest, EgressResult } from "./port.ts";
import { followRedirect, type Hop, isRedirect } from "./redirect.ts";
import { prepareHeaders } from "./request-headers.ts";
import { sendHop } from "./send-hop.ts";

const REDIRECTS_MAX = 5;
const METHOD = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;

/** Throws when the policy holds an entry that cannot be read. */
export function createEgress(options: {
  readonly policy: EgressPolicy;
  /** Node's `dns.lookup` for all addresses, unless given. */
  readonly resolve?: Resolve;
  /** Certificates to trust besides Node's own, in PEM. */
  readonly ca?: readonly string[];
}): Egress {
  const { ca = [], ...guardOptions } = options;
  const guard = createGuard(guardOptions);
  const closing = new AbortController();
  // Every request in flight listens to it.
  setMaxListeners(0, closing.signal);
  const inFlight = new Set<Promise<EgressResult>>();

  return {
    async fetch(request, signal) {
      const first = firstHop(request, guard);
      if (!first.ok) return first;
      const work = withinTime(request.timeoutMs, [signal, closing.signal], (bounded) =>
        follow(first.hop, { guard, ca, maxBytes: request.maxBytes, signal: bounded }),
      );
      inFlight.add(work);
      try {
        return await work;
      } finally {
        inFlight.delete(work);
      }
    },

    async close() {
      closing.abort();
      await Promise.allSettled(inFlight);
    },
  };
}

function firstHop(request: EgressRequest, guard: Guard): { readonly ok: true; readonly hop: Hop } | Refusal {
  const checked = guard.checkUrl(request.url);
  if (!checked.ok) return checked;
  if (!METHOD.test(request.method)) return refuse("INVALID_URL", "The method is not one that can be sent");
  const headers = prepareHeaders(request.headers);
  if (headers === null) return refuse("INVALID_URL", "A header's name or value cannot be sent");
  return { ok: true, hop: { method: request.method, url: checked.url, headers, body: request.body } };
}

async function follow(
  first: Hop,
  options: {
    readonly guard: Guard;
    readonly ca: readonly string[];
    readonly maxBytes: number;
    readonly signal: AbortSignal;
  },
): Promise<EgressResult> {
  const { guard, ca, maxBytes, signal } = options;
  let hop = first;
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
    const resolved = await guard.resolveAndCheck(hop.url);
    if (!resolved.ok) return resolved;
    signal.throwIfAborted();
    const result = await sendHop(hop, { addresses: resolved.addresses, ca, maxBytes, signal });
    if (!result.ok) return result;
    const { status, headers, body } = result;
    const location = headers["location"];
    if (!isRedirect(status, location)) {
      return { ok: true, response: { status, headers, body, url: hop.url.href } };
    }
    const next = followRedirect(hop, status, location, guard);
    if (!next.ok) return next;
    hop = next.hop;
  }
  return refuse("TOO_MANY_REDIRECTS", `There are more than ${REDIRECTS_MAX} redirects`);
}

/** Answers when the time is up or a signal aborts, also where `work` waits for something that cannot be aborted (DNS). */
function withinTime(
  timeoutMs: number,
  signals: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<EgressResult>,
): Promise<EgressResult> {
  return new Promise((resolve, reject) => {
    const bounded = new AbortController();
    // The socket and the request of every redirect listen to it.
    setMaxListeners(0, bounded.signal);
    const stop = (result: EgressResult) => {
      end();
      bounded.abort();
      resolve(result);
    };
    const abort = () => stop(refuse("ABORTED", "The request was stopped"));
    const timer = setTimeout(
      () => stop(refuse("TIMED_OUT", `The request took longer than ${timeoutMs} ms`)),
      timeoutMs,
    );
    const end = () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", abort);
    };
    for (const signal of signals) signal.addEventListener("abort", abort);
    if (signals.some((signal) => signal.aborted)) {
      abort();
      return;
    }
    work(bounded.signal).then(resolve, reject).finally(end);
  });
}

type Refusal = Extract<EgressResult, { ok: false }>;

function refuse(failure: EgressFailure, message: string): Refusal {
  return { ok: false, failure, message };
}
