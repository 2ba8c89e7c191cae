import type { EventSourceMessage } from "eventsource-parser";
import { serverSentEvents } from "./server-sent-events.ts";

/** What the three SDKs have in common: they know the address, send a body, and make errors of what is refused. */
export interface PostingSdk {
  post(
    path: string,
    options: { readonly body: unknown; readonly signal: AbortSignal },
  ): { asResponse(): Promise<{ readonly body: AsyncIterable<Uint8Array> | null }> };
}

/** Posts a body through an SDK; yields the events of the answer. */
export async function* postedEvents(
  sdk: PostingSdk,
  path: string,
  body: unknown,
  signal: AbortSignal,
): AsyncGenerator<EventSourceMessage, void, undefined> {
  // The SDKs never take their listeners off a signal, and that of a run outlives many calls: Node warns of the eleventh.
  const ours = new AbortController();
  const abort = () => ours.abort(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    const response = await sdk.post(path, { body, signal: ours.signal }).asResponse();
    if (response.body !== null) yield* serverSentEvents(response.body);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
