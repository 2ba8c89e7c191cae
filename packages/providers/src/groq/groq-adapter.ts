import Groq from "groq-sdk";
import type { Adapter } from "../adapter.ts";
import { bareFetch, bearer, noKey } from "../bare-fetch.ts";
import { chatClient } from "../chat-completions/chat-client.ts";
import type { ChatDialect } from "../chat-completions/dialect.ts";
import { failureReader } from "../chat-completions/sdk-failures.ts";
import { neverMs } from "../sdk-limits.ts";

const dialect: ChatDialect = {
  provider: "groq",
  name: "Groq",
  path: "/openai/v1/chat/completions",
  tokenLimit: () => "max_completion_tokens",
  // Groq gives structured output only to some models, and to none that streams.
  responseSchema: "prompt",
  pdf: false,
  // Comes beside the finish reason unasked.
  streamOptions: false,
};

/** Groq's chat completions through its own SDK. */
export const groqAdapter: Adapter<"groq"> = {
  provider: "groq",
  name: dialect.name,
  identityOf: ({ apiKey, baseUrl }) => [apiKey, baseUrl ?? null],
  createClient: ({ apiKey, baseUrl }, transport) =>
    chatClient(
      new Groq({
        apiKey: noKey,
        baseURL: baseUrl ?? "https://api.groq.com",
        logLevel: "off",
        maxRetries: 0,
        timeout: neverMs,
        fetch: bareFetch(transport, bearer(apiKey)),
      }),
      dialect,
    ),
  readFailure: failureReader(Groq),
};
