import type { AgentProvider } from "@gantry/workflow";

/** What the makers call themselves, by what a definition calls them. */
export const providerNames: Readonly<Record<AgentProvider, string>> = {
  anthropic: "Anthropic",
  "azure-anthropic": "Azure Anthropic",
  bedrock: "Amazon Bedrock",
  vllm: "vLLM",
  openai: "OpenAI",
  groq: "Groq",
  cerebras: "Cerebras",
  google: "Google",
};

/** A draft may name a provider that does not exist; it is called as it is written. */
export function providerName(provider: string): string {
  return Object.entries(providerNames).find(([id]) => id === provider)?.[1] ?? provider;
}
