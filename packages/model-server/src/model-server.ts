import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import { generate } from "selfsigned";
import { type AnswerDefaults, answerMessages, sendError } from "./answer-messages.ts";
import { apiError } from "./api-error.ts";
import { createStatsCounter, type ModelServerStats } from "./stats.ts";

export interface ModelServerOptions extends Partial<AnswerDefaults> {
  /** 127.0.0.1 unless told otherwise. */
  readonly host?: string;
  /** 0, which is any free one, unless told otherwise. */
  readonly port?: number;
  /** How long an idle connection is kept; not announced. 75 s unless told otherwise, so that the client's pool decides. */
  readonly keepAliveTimeoutMs?: number;
}

export interface ModelServer {
  /** The base URL for an SDK, without a final slash. */
  readonly url: string;
  /** The certificate that clients must trust, PEM. Made anew at every start. */
  readonly ca: string;
  stats(): ModelServerStats;
  reset(): void;
  /** Ends every connection, calls in flight included. */
  close(): Promise<void>;
}

/**
 * Starts a local server that speaks the Anthropic Messages protocol over HTTPS, for the demo, tests and benchmarks. It answers every
 * `claude-*` model, with made-up text. Prompts steer it: see `Directives`.
 */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const host = options.host ?? "127.0.0.1";
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

  server.on("request", (incoming, response) => {
    const apiKey = apiKeyOf(incoming);
    counter.requestStarted(apiKey);
    response.once("close", () => counter.requestEnded());
    // Named by hand, because Node would announce its own timeout with it, and a client's pool obeys that instead of its own.
    response.setHeader("connection", "keep-alive");
    sequence += 1;
    const requestId = `req_local_${sequence}`;
    const path = new URL(incoming.url ?? "/", "https://localhost").pathname;
    if (path !== "/v1/messages" || incoming.method !== "POST") {
      incoming.resume();
      sendError(response, apiError(404, `Not found: ${incoming.method} ${path}`), requestId);
      return;
    }
    answerMessages(incoming, response, { apiKey, sequence, defaults }).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else
        sendError(response, apiError(500, error instanceof Error ? error.message : String(error)), requestId);
    });
  });

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

/** Elliptic, because making an RSA key costs some hundred milliseconds of start-up. */
async function generateCertificate(): Promise<{ readonly key: string; readonly cert: string }> {
  const generated = await generate([{ name: "commonName", value: "Gantry local model server" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
    ],
  });
  return { key: generated.private, cert: generated.cert };
}

/** The SDK sends `authorization: Bearer`; `x-api-key` is what curl examples use. */
function apiKeyOf(incoming: IncomingMessage): string | null {
  const bearer = /^Bearer (.+)$/i.exec(incoming.headers.authorization ?? "")?.[1];
  const header = incoming.headers["x-api-key"];
  return bearer ?? (typeof header === "string" && header !== "" ? header : null);
}
