import type { NewProviderKey } from "./new-provider-key.ts";

/** What may be shown of a key, so that people can tell theirs apart: `...cdef · models.example:8000`. */
export function hintOf(key: NewProviderKey): string {
  switch (key.provider) {
    case "bedrock":
      return `${lastOf(key.accessKeyId)} · ${key.region}`;
    case "azure-anthropic":
    case "vllm":
    case "openai": {
      const last = key.apiKey === null ? "no key" : lastOf(key.apiKey);
      return key.baseUrl === undefined ? last : `${last} · ${new URL(key.baseUrl).host}`;
    }
    case "anthropic":
    case "groq":
    case "cerebras":
    case "google":
      return lastOf(key.apiKey);
  }
}

/** Of a short key, nothing. */
function lastOf(key: string): string {
  return key.length < 16 ? "..." : `...${key.slice(-4)}`;
}
