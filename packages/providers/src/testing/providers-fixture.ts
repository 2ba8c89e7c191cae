import { startModelServer } from "@gantry/model-server";
import { type ConnectionPoolOptions, createConnectionPool } from "../connection-pool.ts";
import { createProviders } from "../create-providers.ts";
import type { GenerateRequest, Generation, ProviderCredential, StreamPart } from "../port.ts";
import { createPriceTable } from "../prices.ts";
import { ProviderError } from "../provider-error.ts";

export const fingerprintKey = Buffer.alloc(32, 7);
export const model = "claude-haiku-4-5";

/** The providers over a local model server that speaks HTTPS; `close` ends all of it. */
export async function startProviders(poolOptions: ConnectionPoolOptions = {}) {
  const server = await startModelServer();
  const pool = createConnectionPool({ ca: server.ca, ...poolOptions });
  const providers = createProviders({
    pool,
    fingerprintKey,
    clients: { entriesMax: 1_000, idleMaxMs: 1_800_000 },
    prices: createPriceTable(),
    now: Date.now,
  });
  return {
    server,
    pool,
    providers,
    credential: (apiKey: string, more: Partial<ProviderCredential> = {}): ProviderCredential => ({
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
  return { model, system: null, prompt, temperature: null, maxTokens: 1_000, responseSchema: null, ...more };
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
    else generation = part.generation;
  }
  return { texts, generation };
}
