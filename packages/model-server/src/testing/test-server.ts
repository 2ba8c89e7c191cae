import { Agent as HttpsAgent } from "node:https";
import { Agent } from "undici";
import { type ModelServerOptions, startModelServer } from "../model-server.ts";

/** A server and what an SDK needs to reach it; `close` ends all of it. */
export async function startTestServer(options: ModelServerOptions = {}) {
  const server = await startModelServer(options);
  const agent = new Agent({ connect: { ca: server.ca } });
  const httpsAgent = new HttpsAgent({ ca: server.ca, keepAlive: true });
  const fetchOptions: object = { dispatcher: agent };
  return {
    server,
    /** For SDKs that use `fetch`. */
    fetchOptions,
    /** For those that use `node:https`. */
    httpsAgent,
    /** A request as no SDK would send it. */
    post: (path: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
      fetch(`${server.url}${path}`, { method: "POST", body, headers, ...fetchOptions }),
    async close() {
      httpsAgent.destroy();
      await agent.destroy();
      await server.close();
    },
  };
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;

/** What a call fails with; throws when it does not fail. */
export async function failureOf(call: Promise<unknown>): Promise<Error> {
  const error = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (error instanceof Error) return error;
  throw new Error("expected the call to fail", { cause: error });
}

/** Everything that a stream brings. */
export async function readAll<Part>(stream: Promise<AsyncIterable<Part>>): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const part of await stream) parts.push(part);
  return parts;
}
