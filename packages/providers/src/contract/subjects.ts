import type { ContractSubject } from "./contract-subject.ts";

const able = {
  takesImages: true,
  takesPdf: true,
  tellsReasoning: true,
  tellsCacheWrites: true,
  takesSchema: true,
  opensStream: true,
} as const;

/** Every adapter of the repository, pointed at the model server. */
export const subjects = {
  anthropic: {
    ...able,
    provider: "anthropic",
    model: "claude-haiku-4-5",
    credential: ({ url }, apiKey, source = "platform") => ({
      provider: "anthropic",
      source,
      apiKey,
      baseUrl: url,
    }),
  },
  "azure-anthropic": {
    ...able,
    provider: "azure-anthropic",
    model: "claude-haiku-4-5",
    credential: ({ url }, apiKey, source = "platform") => ({
      provider: "azure-anthropic",
      source,
      apiKey,
      baseUrl: `${url}/anthropic`,
    }),
  },
  bedrock: {
    ...able,
    tellsReasoning: false,
    provider: "bedrock",
    model: "anthropic.claude-haiku-4-5-20251001-v1:0",
    credential: ({ url }, key, source = "platform") => ({
      provider: "bedrock",
      source,
      region: "us-east-1",
      identity: { kind: "keys", accessKeyId: key, secretAccessKey: `secret-of-${key}` },
      baseUrl: url,
    }),
  },
  vllm: {
    ...able,
    takesPdf: false,
    provider: "vllm",
    model: "qwen3-32b",
    credential: ({ url }, apiKey, source = "platform") => ({
      provider: "vllm",
      source,
      apiKey,
      baseUrl: `${url}/v1`,
    }),
  },
  openai: {
    ...able,
    provider: "openai",
    model: "gpt-4.1",
    credential: ({ url }, apiKey, source = "platform") => ({
      provider: "openai",
      source,
      apiKey,
      baseUrl: `${url}/v1`,
    }),
  },
  "openai-responses": {
    ...able,
    provider: "openai",
    model: "gpt-5.6-terra",
    credential: ({ url }, apiKey, source = "platform") => ({
      provider: "openai",
      source,
      apiKey,
      baseUrl: `${url}/v1/responses`,
    }),
  },
  groq: {
    ...able,
    takesPdf: false,
    takesSchema: false,
    provider: "groq",
    model: "openai/gpt-oss-120b",
    credential: ({ url }, apiKey, source = "platform") => ({
      provider: "groq",
      source,
      apiKey,
      baseUrl: url,
    }),
  },
  cerebras: {
    ...able,
    takesPdf: false,
    provider: "cerebras",
    model: "gpt-oss-120b",
    credential: ({ url }, apiKey, source = "platform") => ({
      provider: "cerebras",
      source,
      apiKey,
      baseUrl: url,
    }),
  },
  google: {
    ...able,
    tellsCacheWrites: false,
    opensStream: false,
    provider: "google",
    model: "gemini-2.5-flash",
    credential: ({ url }, apiKey, source = "platform") => ({
      provider: "google",
      source,
      apiKey,
      baseUrl: url,
    }),
  },
} as const satisfies Readonly<Record<string, ContractSubject>>;
