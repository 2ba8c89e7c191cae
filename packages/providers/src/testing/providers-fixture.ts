import { type ModelServerOptions, startModelServer } from "@gantry/model-server";
import type { ClientBounds } from "../client-memo.ts";
import { type ConnectionPoolOptions, createConnectionPool } from "../connection-pool.ts";
import { createProviders } from "../create-providers.ts";
import type { CredentialOf, GenerateRequest, Generation, StreamPart } from "../port.ts";
import { createPriceTable, type PriceTable } from "../prices/price-table.ts";
import { ProviderError } from "../provider-error.ts";
import { userTransports } from "./user-transports.ts";

export const fingerprintKey = Buffer.alloc(32, 7);
const model = "claude-haiku-4-5";

export interface ProvidersFixtureOptions extends ConnectionPoolOptions {
  readonly clients?: Partial<ClientBounds>;
  readonly prices?: PriceTable;
  readonly server?: ModelServerOptions;
}

/** The providers over a local model server that speaks HTTPS; `close` ends all of it. */
export async function startProviders(options: ProvidersFixtureOptions = {}) {
  const { clients, prices = createPriceTable(), server: serverOptions, ...limits } = options;
  const server = await startModelServer(serverOptions);
  const pool = createConnectionPool({ ca: server.ca, ...limits });
  const providers = createProviders({
    pool,
    openUserTransport: userTransports(server.ca, limits),
    fingerprintKey,
    clients: { entriesMax: 1_000, idleMaxMs: 1_800_000, ...clients },
    prices,
    now: Date.now,
  });
  return {
    server,
    pool,
    providers,
    credential: (
      apiKey: string,
      more: Partial<CredentialOf<"anthropic">> = {},
    ): CredentialOf<"anthropic"> => ({
      provider: "anthropic",
      apiKey,
      baseUrl: server.url,
      source: "platform",
      ...more,
    }),
    async close() {
      providers.close();
      await pool.close();
      await server.close();
    },
  };
}

export function request(prompt: string, more: Partial<GenerateRequest> = {}): GenerateRequest {
  return {
    model,
    system: null,
    messages: [{ role: "user", content: [{ type: "text", text: prompt }] }],
    tools: [],
    toolChoice: "auto",
    cachePrompt: false,
    temperature: null,
    maxTokens: 1_000,
    responseSchema: null,
    ...more,
  };
}

export function never(): AbortSignal {
  return new AbortController().signal;
}

/** The error that a call ends in; throws when it ends in anything else. */
export async function failureOf(call: Promise<unknown>): Promise<ProviderError> {
  const error = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (error instanceof ProviderError) return error;
  throw new Error("expected the call to fail with a ProviderError", { cause: error });
}

export async function collect(
  parts: AsyncIterable<StreamPart>,
): Promise<{ texts: string[]; generation: Generation | null }> {
  const texts: string[] = [];
  let generation: Generation | null = null;
  for await (const part of parts) {
    if (part.type === "text") texts.push(part.text);
    if (part.type === "finish") generation = part.generation;
  }
  return { texts, generation };
}
