import type { Adapter } from "../adapter.ts";
import { messagesClient, versions } from "../anthropic/anthropic-adapter.ts";
import { readAnthropicFailure } from "../anthropic/sdk-failures.ts";

/**
 * Anthropic's models on Azure: the same API and SDK, at the address of an Azure resource. Azure takes a key as `x-api-key`,
 * and what comes as `authorization` for a token of Entra.
 */
export const azureAnthropicAdapter: Adapter<"azure-anthropic"> = {
  provider: "azure-anthropic",
  name: "Anthropic on Azure",
  identityOf: ({ apiKey, baseUrl, apiVersion, betas }) => [
    apiKey,
    baseUrl,
    apiVersion ?? null,
    ...(betas ?? []),
  ],
  createClient({ provider, apiKey, baseUrl, apiVersion, betas }, transport) {
    const headers = { "x-api-key": apiKey, ...versions({ apiVersion, betas }) };
    return messagesClient({ provider, baseURL: baseUrl, headers }, transport);
  },
  readFailure: readAnthropicFailure,
};
