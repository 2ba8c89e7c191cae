import { z } from "zod";
import { McpProblem } from "../failures.ts";

type Fetch = typeof globalThis.fetch;
type RequestId = string | number;

const message = z.object({
  method: z.string(),
  id: z.union([z.string(), z.number()]).optional(),
  params: z.object({ requestId: z.union([z.string(), z.number()]).optional() }).optional(),
});

/**
 * A fetch for the SDK's HTTP transport which mends three of its habits. It opens no stream for what a server might say on its
 * own: nobody listens. It tells `lost` when an answer's stream ends before the answer. It ends the stream of a request that
 * was cancelled, and not only tells the server so.
 */
export function requestsOnly(fetch: Fetch, lost: (id: RequestId, cause: Error) => void): Fetch {
  const streams = new Map<RequestId, AbortController>();

  return async (input, init = {}) => {
    // The status by which a server says that it offers no such stream.
    if (init.method === "GET") return new Response(null, { status: 405 });
    const sent = messageOf(init.body);
    if (sent?.method === "notifications/cancelled") streams.get(sent.params?.requestId ?? "")?.abort();
    if (sent?.id === undefined) return fetch(input, init);

    const { id } = sent;
    const stream = new AbortController();
    streams.set(id, stream);
    const ended = (cause: Error) => {
      streams.delete(id);
      // What came before the end is still on its way through the SDK's streams, which take no longer than this turn.
      setImmediate(() => lost(id, cause));
    };
    const signal = init.signal ? AbortSignal.any([init.signal, stream.signal]) : stream.signal;
    try {
      const response = await fetch(input, { ...init, signal });
      const { ok, status, headers, body } = response;
      if (ok && body !== null) return new Response(watched(body, ended), { status, headers });
      // A redirect, which the SDK may follow for the same request, or an error.
      streams.delete(id);
      return response;
    } catch (error) {
      streams.delete(id);
      throw error;
    }
  };
}

function messageOf(body: unknown): z.infer<typeof message> | null {
  if (typeof body !== "string") return null;
  const parsed = message.safeParse(JSON.parse(body));
  return parsed.success ? parsed.data : null;
}

function watched(
  body: ReadableStream<Uint8Array>,
  ended: (cause: Error) => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
          controller.close();
          ended(new McpProblem("CONNECTION_FAILED", "The MCP server's answer broke off"));
        } catch (error) {
          controller.error(error);
          ended(error instanceof Error ? error : new Error("The stream failed", { cause: error }));
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
