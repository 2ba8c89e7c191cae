import { randomBytes } from "node:crypto";
import type { PlatformKeys } from "@gantry/execution";
import { startModelServer } from "@gantry/model-server";

/** Answers in the place of every provider, on this machine, without an account anywhere. */
export interface LocalModels {
  readonly platformKeys: Required<PlatformKeys>;
  /** The certificate to trust, PEM. */
  readonly ca: string;
  close(): Promise<void>;
}

export async function startLocalModels(): Promise<LocalModels> {
  // Slow enough to watch, fast enough not to wait.
  const server = await startModelServer({ firstTokenLatencyMs: 200, betweenChunksMs: 15 });
  return {
    platformKeys: keysFor(server.url),
    ca: server.ca,
    close: () => server.close(),
  };
}

/** Not words: keys are masked wherever they appear in what a run shows. */
const madeUp = () => `local-${randomBytes(16).toString("hex")}`;

function keysFor(url: string) {
  const source = "platform";
  return {
    anthropic: { provider: "anthropic", apiKey: madeUp(), baseUrl: url, source },
    "azure-anthropic": { provider: "azure-anthropic", apiKey: madeUp(), baseUrl: `${url}/anthropic`, source },
    bedrock: {
      provider: "bedrock",
      region: "us-east-1",
      identity: { kind: "keys", accessKeyId: "AKIALOCALLOCALLOCAL0", secretAccessKey: madeUp() },
      baseUrl: url,
      source,
    },
    vllm: { provider: "vllm", apiKey: madeUp(), baseUrl: `${url}/v1`, source },
    openai: { provider: "openai", apiKey: madeUp(), baseUrl: `${url}/v1`, source },
    groq: { provider: "groq", apiKey: madeUp(), baseUrl: url, source },
    cerebras: { provider: "cerebras", apiKey: madeUp(), baseUrl: url, source },
    google: { provider: "google", apiKey: madeUp(), baseUrl: url, source },
  } as const satisfies PlatformKeys;
}
