import type { ProviderId } from "../../port.ts";
import type { NewProviderKey } from "../new-provider-key.ts";

/** One key of every provider, with everything that it may have. Every secret holds the word `hidden`. */
export const sampleKeys: { readonly [Id in ProviderId]: NewProviderKey & { readonly provider: Id } } = {
  anthropic: {
    provider: "anthropic",
    apiKey: "sk-hidden-anthropic-0001",
    betas: ["context-1m-2025-08-07"],
  },
  "azure-anthropic": {
    provider: "azure-anthropic",
    apiKey: "hidden-azure-anthropic-0002",
    baseUrl: "https://ours.services.ai.azure.com/anthropic",
    apiVersion: "2023-06-01",
    betas: ["context-1m-2025-08-07"],
  },
  bedrock: {
    provider: "bedrock",
    region: "eu-central-1",
    accessKeyId: "AKIASHOWNSHOWN000003",
    secretAccessKey: "hidden-secret-access-key-of-bedrock-0003",
    sessionToken: "hidden-session-token-of-bedrock-0003",
  },
  vllm: { provider: "vllm", apiKey: "hidden-vllm-key-0004", baseUrl: "https://gpu.example:8000/v1" },
  openai: { provider: "openai", apiKey: "sk-hidden-openai-0005", baseUrl: "https://router.example/v1" },
  groq: { provider: "groq", apiKey: "gsk-hidden-groq-0006" },
  cerebras: { provider: "cerebras", apiKey: "csk-hidden-cerebras-0007" },
  google: { provider: "google", apiKey: "AIza-hidden-google-0008" },
};

/** The secrets in a sample key. */
export function hiddenIn(key: NewProviderKey): readonly string[] {
  return Object.values(key)
    .flat()
    .filter((part): part is string => part?.includes("hidden") === true);
}
