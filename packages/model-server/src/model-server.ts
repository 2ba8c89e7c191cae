import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { messagesWire } from "./anthropic/messages-wire.ts";
import { generateCertificate } from "./certificate.ts";
import { type AnswerDefaults, type SeenRequest, serveCall, writeRefusal } from "./serve-call.ts";
import { createStatsCounter, type ModelServerStats } from "./stats.ts";
import { wireOf } from "./wires.ts";

export interface ModelServerOptions extends Partial<AnswerDefaults> {
  /** 127.0.0.1 unless told otherwise. */
  readonly host?: string;
  /** 0, which is any free one, unless told otherwise. */
  readonly port?: number;
  /** How long an idle connection is kept; not announced. 75 s unless told otherwise, so that the client's pool decides. */
  readonly keepAliveTimeoutMs?: number;
  /**
   * The keys, or on Bedrock access key ids, that are good; read anew for every request, so that a test can revoke
   * one. Without it every key is good that does not end in `-revoked`.
   */
  readonly validKeys?: ReadonlySet<string>;
  /** Told of every request with a good key before it is answered: what an SDK sends, for tests to look at. */
  readonly onRequest?: (request: SeenRequest) => void;
}

export interface ModelServer {
  /** Where the server listens, without a final slash. Which path an SDK wants after it: see each wire. */
  readonly url: string;
  /** The certificate that clients must trust, PEM. Made anew at every start. */
  readonly ca: string;
  stats(): ModelServerStats;
  reset(): void;
  /** Ends every connection, calls in flight included. */
  close(): Promise<void>;
}

/**
 * Starts a local server that speaks the wire protocols of model providers over HTTPS (HTTP/1.1), for the demo, tests
 * and benchmarks. It answers with made-up text, tool calls and structured output; prompts steer it, on every wire
 * alike: see `Directives`.
 *
 * | provider | SDK's base URL | wire |
 * |---|---|---|
 * | Anthropic | `url` | `messagesWire` |
 * | Anthropic on Azure | `url` + `/anthropic` | `azureWire` |
 * | OpenAI, vLLM, litellm and other compatible servers | `url` + `/v1` | `chatWire`, `responsesWire` |
 * | Groq, Cerebras | `url` | `chatWire` |
 * | Bedrock | `url` as the endpoint | `converseWire` |
 * | Gemini | `url` | `geminiWire` |
 */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const host = options.host ?? "127.0.0.1";
  const { validKeys = null, onRequest } = options;
  const defaults: AnswerDefaults = {
    firstTokenLatencyMs: options.firstTokenLatencyMs ?? 0,
    betweenChunksMs: options.betweenChunksMs ?? 0,
    outputTokens: options.outputTokens ?? null,
  };
  const certificate = await generateCertificate();
  const server = createServer({ key: certificate.key, cert: certificate.cert });
  server.keepAliveTimeout = options.keepAliveTimeoutMs ?? 75_000;
  const counter = createStatsCounter(server);
  let sequence = 0;

  function answer(incoming: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(incoming.url ?? "/", "https://localhost");
    const spoken = wireOf(incoming.method ?? "", pathname);
    const wire = spoken ?? messagesWire;
    const credential = wire.credentialOf({ headers: incoming.headers, query: searchParams });
    counter.requestStarted(incoming.socket, credential);
    response.once("close", () => counter.requestEnded());
    // Named by hand, because Node would announce its own timeout with it, and a client's pool obeys that instead of its own.
    response.setHeader("connection", "keep-alive");
    sequence += 1;
    const head = { sequence, requestId: `req_local_${sequence}` };
    if (spoken === null) {
      incoming.resume();
      const message = `Not found: ${incoming.method} ${pathname}`;
      writeRefusal(response, { wire, head }, { kind: "not_found", message });
      return;
    }
    serveCall(incoming, response, { wire, credential, validKeys, head, defaults, onRequest }).catch(
      (error: unknown) => {
        if (response.headersSent) response.destroy();
        else {
          const message = error instanceof Error ? error.message : String(error);
          writeRefusal(response, { wire, head }, { kind: "internal", message });
        }
      },
    );
  }

  server.on("request", answer);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new Error("The model server has no TCP address.");

  return {
    url: `https://${host}:${address.port}`,
    ca: certificate.cert,
    stats: () => counter.stats(),
    reset: () => counter.reset(),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}
