import { randomBytes } from "node:crypto";
import { cacheBounds } from "@gantry/execution";
import {
  type ClientLife,
  createConnectionPool,
  createPriceTable,
  createProviders,
  type ProviderCredential,
  type ProviderId,
  providerIds,
} from "@gantry/providers";

/** Of every call. */
export const prompt = "Say something about tides.";
export const maxTokens = 200;

/** One model of each provider that the local server answers for. */
export const models: Readonly<Record<ProviderId, string>> = {
  anthropic: "claude-haiku-4-5",
  "azure-anthropic": "claude-haiku-4-5",
  bedrock: "anthropic.claude-haiku-4-5-20251001-v1:0",
  vllm: "gpt-4.1",
  openai: "gpt-4.1",
  groq: "llama-3.3-70b-versatile",
  cerebras: "gpt-oss-120b",
  google: "gemini-2.5-flash",
};

/** A provider of its own process, as it were: nothing is shared with another caller. */
export interface ModelCaller extends AsyncDisposable {
  readonly name: string;
  /** Asks for an answer to its end; milliseconds to the first part of it. */
  call(key: string): Promise<number>;
}

export function createModelCaller(
  provider: ProviderId,
  server: { readonly url: string; readonly ca: string },
  clientLife?: ClientLife,
): ModelCaller {
  const pool = createConnectionPool({ ca: server.ca });
  const model = models[provider];
  const free = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const providers = createProviders({
    pool,
    openUserTransport() {
      throw new Error("Nobody but the operator names an address here.");
    },
    fingerprintKey: randomBytes(32),
    clients: cacheBounds.providerClients,
    ...(clientLife === undefined ? {} : { clientLife }),
    prices: createPriceTable(Object.fromEntries(providerIds.map((id) => [id, { [models[id]]: free }]))),
    now: Date.now,
  });
  return {
    name: provider,
    async call(key) {
      const credential = credentialAt(provider, server.url, key);
      const request = {
        model,
        system: null,
        messages: [{ role: "user", content: [{ type: "text", text: prompt }] }],
        tools: [],
        toolChoice: "auto",
        cachePrompt: false,
        temperature: null,
        maxTokens,
        responseSchema: null,
      } as const;
      const began = performance.now();
      let first: number | null = null;
      let finished = false;
      for await (const part of providers[provider].stream(
        credential,
        request,
        new AbortController().signal,
      )) {
        first ??= performance.now() - began;
        finished = part.type === "finish";
      }
      if (first === null || !finished) throw new Error(`The answer of ${provider} did not finish.`);
      return first;
    },
    async [Symbol.asyncDispose]() {
      providers.close();
      await pool.close();
    },
  };
}

/** As an operator's key that leads to the local server. */
function credentialAt(provider: ProviderId, url: string, apiKey: string): ProviderCredential {
  const source = "platform";
  switch (provider) {
    case "azure-anthropic":
      return { provider, source, apiKey, baseUrl: `${url}/anthropic` };
    case "bedrock": {
      const identity = { kind: "keys", accessKeyId: apiKey, secretAccessKey: "bench" } as const;
      return { provider, source, region: "us-east-1", identity, baseUrl: url };
    }
    case "vllm":
      return { provider, source, apiKey, baseUrl: `${url}/v1` };
    case "openai":
      return { provider, source, apiKey, baseUrl: `${url}/v1` };
    case "anthropic":
    case "groq":
    case "cerebras":
    case "google":
      return { provider, source, apiKey, baseUrl: url };
  }
}
