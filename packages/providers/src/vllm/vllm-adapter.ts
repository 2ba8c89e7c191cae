import OpenAI from "openai";
import type { Adapter } from "../adapter.ts";
import { chatClient } from "../chat-completions/chat-client.ts";
import type { ChatDialect } from "../chat-completions/dialect.ts";
import { failureReader } from "../chat-completions/sdk-failures.ts";
import { createOpenAiSdk } from "../openai/openai-sdk.ts";

const dialect: ChatDialect = {
  provider: "vllm",
  name: "vLLM",
  path: "/chat/completions",
  // The one name that every version knows.
  tokenLimit: () => "max_tokens",
  responseSchema: "any",
  pdf: false,
  streamOptions: true,
};

/** A vLLM server that the operator or a user runs. `baseUrl` ends in `/v1`. */
export const vllmAdapter: Adapter<"vllm"> = {
  provider: "vllm",
  name: dialect.name,
  identityOf: ({ apiKey, baseUrl }) => [apiKey, baseUrl],
  createClient: ({ apiKey, baseUrl }, transport) =>
    chatClient(createOpenAiSdk(baseUrl, apiKey, transport), dialect),
  readFailure: failureReader(OpenAI),
};
