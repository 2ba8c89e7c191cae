import OpenAI from "openai";
import type { Adapter } from "../adapter.ts";
import { chatClient } from "../chat-completions/chat-client.ts";
import type { ChatDialect } from "../chat-completions/dialect.ts";
import { failureReader } from "../chat-completions/sdk-failures.ts";
import { openaiAddress } from "./address.ts";
import { createOpenAiSdk } from "./openai-sdk.ts";
import { responsesClient } from "./responses-client.ts";

const dialect: ChatDialect = {
  provider: "openai",
  name: "OpenAI",
  path: "/chat/completions",
  // OpenAI's reasoning models refuse the older name, whoever passes them on; older servers know only that.
  tokenLimit: (model) =>
    /(^|\/)(o\d|gpt-([5-9]|\d\d))/.test(model) ? "max_completion_tokens" : "max_tokens",
  responseSchema: "strict_or_loose",
  pdf: true,
  streamOptions: true,
};

/** OpenAI, and with `baseUrl` any server that speaks its chat completions: see `openaiAddress`. */
export const openaiAdapter: Adapter<"openai"> = {
  provider: "openai",
  name: dialect.name,
  identityOf: ({ apiKey, baseUrl }) => [apiKey, baseUrl ?? null],
  createClient({ apiKey, baseUrl }, transport) {
    const address = openaiAddress(baseUrl);
    const sdk = createOpenAiSdk(address.baseUrl, apiKey, transport);
    return address.wire === "responses" ? responsesClient(sdk) : chatClient(sdk, dialect);
  },
  readFailure: failureReader(OpenAI),
};
