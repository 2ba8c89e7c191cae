import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";

const greeting = [
  'data: {"choices":[{"delta":{"content":"hello world!"},"finish_reason":null}]}\n\n',
  'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
];

export interface SeenPost {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server over plain HTTP that streams what it is told to, a greeting without usage at first, and remembers what it is sent. */
export async function startScriptedServer() {
  const seen: SeenPost[] = [];
  let pieces: readonly string[] = greeting;
  const server = createServer((incoming, response) => {
    text(incoming).then(
      (body) => {
        seen.push({ headers: incoming.headers, body });
        response.writeHead(200, { "content-type": "text/event-stream" });
        for (const piece of pieces) response.write(piece);
        response.end();
      },
      () => response.destroy(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    seen,
    stream(...next: readonly string[]) {
      pieces = next;
    },
    reset() {
      pieces = greeting;
      seen.length = 0;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
