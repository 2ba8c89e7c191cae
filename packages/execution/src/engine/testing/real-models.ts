import { type ModelServer, type SeenRequest, startModelServer } from "@gantry/model-server";
import {
  createConnectionPool,
  createPriceTable,
  createProviders,
  type ProviderCredential,
} from "@gantry/providers";
import type { CredentialLookup, EngineResources } from "../engine.ts";

export interface RealModels {
  readonly server: ModelServer;
  /** What was sent to it, in order. */
  readonly seen: readonly SeenRequest[];
  /** The real providers over HTTPS, and keys of the installation that lead to the local server. */
  readonly resources: Pick<EngineResources, "providers" | "credential">;
  close(): Promise<void>;
}

/** One of each provider that these tests call; the local server knows them by their names, and all have a price. */
export const realModel = {
  anthropic: "claude-haiku-4-5",
  openai: "gpt-4.1",
  bedrock: "anthropic.claude-haiku-4-5-20251001-v1:0",
} as const;

const price = { input: 1_000_000, output: 5_000_000, cacheRead: 100_000, cacheWrite: 1_250_000 };
const prices = createPriceTable({
  anthropic: { [realModel.anthropic]: price },
  openai: { [realModel.openai]: price },
  bedrock: { [realModel.bedrock]: price },
});

/** The local model server, and the real providers with a way to it. */
export async function startRealModels(): Promise<RealModels> {
  const seen: SeenRequest[] = [];
  const server = await startModelServer({ onRequest: (request) => void seen.push(request) });
  const pool = createConnectionPool({ ca: server.ca });
  const providers = createProviders({
    pool,
    openUserTransport: () => {
      throw new Error("No key of these tests names an address of its own");
    },
    fingerprintKey: Buffer.alloc(32, 7),
    clients: { entriesMax: 10, idleMaxMs: 60_000 },
    prices,
    now: Date.now,
  });
  return {
    server,
    seen,
    resources: { providers, credential: async (provider) => keyAt(server.url, provider) },
    async close() {
      providers.close();
      await pool.close();
      await server.close();
    },
  };
}

function keyAt(url: string, provider: ProviderCredential["provider"]): CredentialLookup {
  const key = { apiKey: "a-platform-key", source: "platform" } as const;
  switch (provider) {
    case "anthropic":
      return { kind: "found", credential: { ...key, provider, baseUrl: url } };
    case "openai":
      return { kind: "found", credential: { ...key, provider, baseUrl: `${url}/v1` } };
    case "bedrock": {
      const identity = { kind: "keys", accessKeyId: "AKIDEXAMPLE", secretAccessKey: "a-secret" } as const;
      const region = "us-east-1";
      return { kind: "found", credential: { provider, source: "platform", region, identity, baseUrl: url } };
    }
    case "azure-anthropic":
    case "vllm":
    case "groq":
    case "cerebras":
    case "google":
      return { kind: "missing" };
  }
}
