import { EventTooLong } from "./event-too-long.ts";

/** In bytes. The longest answer of a model in one event is about 500,000. */
const eventBytesMax = 4_000_000;

/**
 * A `fetch` whose streams fail with `EventTooLong` when one event of them is longer than any real one. The SDKs search
 * the event so far with every piece that arrives: one of 16 MB kept Google's busy for 3.4 s, one of 4 MB for 0.3 s,
 * and the server may be any that a user names.
 */
export function boundedEvents(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!response.ok || response.body === null) return response;
    return new Response(ReadableStream.from(bounded(response.body)), response);
  };
}

async function* bounded(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let length = 0;
  for await (const bytes of body) {
    const end = lastBlankLine(bytes);
    length = end === -1 ? length + bytes.length : bytes.length - end;
    if (length > eventBytesMax) throw new EventTooLong(`An event is longer than ${eventBytesMax} bytes.`);
    yield bytes;
  }
}

/** One that two pieces share is not seen: then two events are measured as one. */
function lastBlankLine(bytes: Uint8Array): number {
  const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Math.max(piece.lastIndexOf("\n\n"), piece.lastIndexOf("\r\n\r\n"), piece.lastIndexOf("\r\r"));
}
