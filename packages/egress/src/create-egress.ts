import { setMaxListeners } from "node:events";
import { firstHop } from "./first-hop.ts";
import { follow } from "./follow.ts";
import { createGuard, type Resolve } from "./guard.ts";
import type { Egress, EgressFailure, EgressPolicy, EgressResult } from "./port.ts";
import { type Received, sendHop } from "./send-hop.ts";
import { trusting } from "./trust.ts";

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
  const trust = trusting(ca);
  const closing = new AbortController();
  // Every request in flight listens to it.
  setMaxListeners(0, closing.signal);
  const inFlight = new Set<Promise<EgressResult>>();

  return {
    async fetch(request, signal) {
      const first = firstHop(request, guard);
      if (!first.ok) return first;
      const { maxBytes, timeoutMs } = request;
      const work = withinTime(timeoutMs, [signal, closing.signal], async (bounded) => {
        const followed = await follow<Received>(first.hop, guard, async (hop, addresses) => {
          bounded.throwIfAborted();
          return sendHop(hop, { addresses, trust, maxBytes, signal: bounded });
        });
        if (!followed.ok) return followed;
        const { status, headers, body } = followed.answer;
        return { ok: true, response: { status, headers, body, url: followed.url.href } };
      });
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
