import type { Transport } from "./transport.ts";

/** What an SDK gets in place of a key: it will not be made without one. */
export const noKey = "held-elsewhere";

/**
 * A transport's `fetch` for an SDK, which sends these headers and none of the SDK's own. The SDKs put what
 * `ANTHROPIC_CUSTOM_HEADERS`, `OPENAI_CUSTOM_HEADERS` and their like hold onto every request, also onto one to a server
 * that a user named. And Cerebras' SDK prints its headers when `DEBUG` is `true`, so none of them is given a key.
 */
export function bareFetch(
  transport: Transport,
  own: Readonly<Record<string, string>>,
): typeof globalThis.fetch {
  const headers: Record<string, string> = {
    accept: "text/event-stream, application/json",
    "content-type": "application/json",
    "user-agent": "gantry",
    ...own,
  };
  return async (input, init) => {
    try {
      return await transport.fetch(input, { ...init, headers });
    } catch (cause) {
      // One level deeper than the SDKs look: what has "timeout" in its words, a connection that was never made as well, they
      // replace with an error of their own that tells neither code nor cause.
      throw new TypeError("There was no response.", { cause });
    }
  };
}

/** Null: no authorization at all. */
export function bearer(apiKey: string | null): Readonly<Record<string, string>> {
  return apiKey === null ? {} : { authorization: `Bearer ${apiKey}` };
}
