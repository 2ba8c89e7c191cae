import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";

/** Statuses whose answer has no body, by the Fetch standard. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * An answer as `fetch` gives it, its body still arriving. The body is as it travelled: it was asked for without compression,
 * and one that is compressed all the same could grow past every bound.
 */
export function toResponse(answer: Dispatcher.ResponseData): Response {
  const { statusCode: status, statusText, body } = answer;
  if (status > 599) throw discarded(answer, `The status ${status} is none of HTTP`);
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headers)) {
    for (const value of [values ?? []].flat()) headers.append(name, value);
  }
  if (BODILESS.has(status)) {
    discard(answer);
    return new Response(null, { status, statusText, headers });
  }
  return new Response(streamOf(body), { status, statusText, headers });
}

/** `Readable.toWeb` of Node 20 throws where nobody can catch it, when a body is cancelled that still arrives. */
function streamOf(body: Readable): ReadableStream<Uint8Array> {
  // What fails before anybody reads is told to the first who does.
  body.on("error", () => undefined);
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => void body.destroy(),
    },
    { highWaterMark: 0 },
  );
}

/** Reads no more of it; its connection ends, unless the answer was over. */
export function discard({ body }: Dispatcher.ResponseData): void {
  body.on("error", () => undefined).destroy();
}

function discarded(answer: Dispatcher.ResponseData, message: string): Error {
  discard(answer);
  return new Error(message);
}
