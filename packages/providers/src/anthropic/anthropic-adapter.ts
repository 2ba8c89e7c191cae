import Anthropic from "@anthropic-ai/sdk";
import type { Adapter, AdapterClient } from "../adapter.ts";
import { bareFetch, bearer, noKey } from "../bare-fetch.ts";
import { boundedEvents } from "../bounded-events.ts";
import type { ProviderId } from "../port.ts";
import { neverMs } from "../sdk-limits.ts";
import type { Transport } from "../transport.ts";
import { messagesEvents } from "./messages-events.ts";
import { messagesRequest } from "./messages-request.ts";
import { readAnthropicFailure } from "./sdk-failures.ts";

/** Anthropic's Messages API through its own SDK. */
export const anthropicAdapter: Adapter<"anthropic"> = {
  provider: "anthropic",
  name: "Anthropic",
  identityOf: ({ apiKey, baseUrl, betas }) => [apiKey, baseUrl ?? null, ...(betas ?? [])],
  createClient({ provider, apiKey, baseUrl, betas }, transport) {
    const baseURL = baseUrl ?? "https://api.anthropic.com";
    return messagesClient(
      { provider, baseURL, headers: { ...bearer(apiKey), ...versions({ betas }) } },
      transport,
    );
  },
  readFailure: readAnthropicFailure,
};

/** The API's version, unless told otherwise, and its beta features. */
export function versions(told: {
  readonly apiVersion?: string | undefined;
  readonly betas: readonly string[] | undefined;
}): Readonly<Record<string, string>> {
  const { apiVersion = "2023-06-01", betas = [] } = told;
  return {
    "anthropic-version": apiVersion,
    ...(betas.length === 0 ? {} : { "anthropic-beta": betas.join(",") }),
  };
}

/** The Messages API at an address, called with exactly these headers. */
export function messagesClient(
  target: {
    readonly provider: ProviderId;
    readonly baseURL: string;
    readonly headers: Readonly<Record<string, string>>;
  },
  transport: Transport,
): AdapterClient {
  const { provider, baseURL, headers } = target;
  const sdk = new Anthropic({
    // What the SDK would otherwise read from the environment and from files is named; retries and time are ours to decide.
    apiKey: noKey,
    authToken: null,
    webhookKey: null,
    openTelemetry: false,
    logLevel: "off",
    maxRetries: 0,
    timeout: neverMs,
    baseURL,
    fetch: boundedEvents(bareFetch(transport, headers)),
  });
  return {
    async *stream(request, signal) {
      const events = await sdk.messages.create(messagesRequest(provider, request), { signal });
      yield* messagesEvents(events);
    },
  };
}
