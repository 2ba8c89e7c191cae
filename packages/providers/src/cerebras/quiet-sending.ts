import { Cerebras } from "@cerebras/cerebras_cloud_sdk";
import type { PostingSdk } from "../chat-completions/posted-events.ts";

/**
 * Sends what the SDK prepares. Its own sending prints every request to the console while the environment has
 * `DEBUG=true`, prompts included, and no option stops it.
 */
export function quietSending(sdk: Cerebras, fetch: typeof globalThis.fetch): PostingSdk {
  return {
    post: (path, { body, signal }) => ({
      async asResponse() {
        const { url } = await sdk.buildRequest({ method: "post", path, body });
        const response = await fetch(url, { method: "POST", body: JSON.stringify(body), signal });
        if (response.ok) return response;
        throw Cerebras.APIError.generate(
          response.status,
          bodyOf(await response.text()),
          undefined,
          Object.fromEntries(response.headers),
        );
      },
    }),
  };
}

function bodyOf(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // A gateway in between answers in HTML or plain text.
  }
  return { message: text };
}
