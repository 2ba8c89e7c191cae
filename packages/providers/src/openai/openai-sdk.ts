import OpenAI, { type APIError } from "openai";
import { bareFetch, bearer, noKey } from "../bare-fetch.ts";
import { neverMs } from "../sdk-limits.ts";
import type { Transport } from "../transport.ts";

/** OpenAI's SDK for one address. `apiKey` null: no key is sent. */
export function createOpenAiSdk(baseURL: string, apiKey: string | null, transport: Transport): OpenAI {
  return new CompatibleOpenAI({
    // What the SDK would otherwise read from the environment is named.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: "off",
    maxRetries: 0,
    timeout: neverMs,
    apiKey: noKey,
    baseURL,
    fetch: bareFetch(transport, bearer(apiKey)),
  });
}

/** Keeps the words of servers that do not put them under `error` as OpenAI does: the SDK reads nothing else. */
class CompatibleOpenAI extends OpenAI {
  protected override makeStatusError(
    status: number,
    body: unknown,
    message: string | undefined,
    headers: Headers,
  ): APIError {
    const nested = typeof body === "object" && body !== null && "error" in body ? body : { error: body };
    return super.makeStatusError(status, nested, message, headers);
  }
}
