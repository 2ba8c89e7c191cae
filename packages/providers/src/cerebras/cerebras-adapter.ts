import { Cerebras } from "@cerebras/cerebras_cloud_sdk";
import type { Adapter } from "../adapter.ts";
import { bareFetch, bearer, noKey } from "../bare-fetch.ts";
import { chatClient } from "../chat-completions/chat-client.ts";
import type { ChatDialect } from "../chat-completions/dialect.ts";
import { failureReader } from "../chat-completions/sdk-failures.ts";
import { neverMs } from "../sdk-limits.ts";
import { quietSending } from "./quiet-sending.ts";

const dialect: ChatDialect = {
  provider: "cerebras",
  name: "Cerebras",
  path: "/v1/chat/completions",
  tokenLimit: () => "max_completion_tokens",
  responseSchema: "strict_or_loose",
  pdf: false,
  streamOptions: true,
};

/** Cerebras' chat completions through its own SDK, without the request that warms a connection of its own. */
export const cerebrasAdapter: Adapter<"cerebras"> = {
  provider: "cerebras",
  name: dialect.name,
  identityOf: ({ apiKey, baseUrl }) => [apiKey, baseUrl ?? null],
  createClient({ apiKey, baseUrl }, transport) {
    const sdk = new Cerebras({
      apiKey: noKey,
      baseURL: baseUrl ?? "https://api.cerebras.ai",
      warmTCPConnection: false,
      maxRetries: 0,
      timeout: neverMs,
    });
    return chatClient(quietSending(sdk, bareFetch(transport, bearer(apiKey))), dialect);
  },
  readFailure: failureReader(Cerebras),
};
