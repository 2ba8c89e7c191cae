import Anthropic from "@anthropic-ai/sdk";
import { Agent } from "undici";
import { type ModelCaller, maxTokens, models, prompt } from "./model-callers.ts";

export const sdkAlone = "anthropic, SDK alone";

/** Anthropic's SDK as it comes: a client for each call, over a pool with the settings of Node's own. */
export function createSdkCaller(server: { readonly url: string; readonly ca: string }): ModelCaller {
  const dispatcher = new Agent({ connect: { ca: server.ca } });
  const ours: object = { dispatcher };
  return {
    name: sdkAlone,
    async call(apiKey) {
      const client = new Anthropic({
        apiKey,
        baseURL: server.url,
        maxRetries: 0,
        fetch: (input, init) => fetch(input, { ...init, ...ours }),
      });
      const began = performance.now();
      let first: number | null = null;
      const events = await client.messages.create({
        model: models.anthropic,
        max_tokens: maxTokens,
        stream: true,
        messages: [{ role: "user", content: prompt }],
      });
      for await (const event of events) {
        if (event.type === "content_block_delta") first ??= performance.now() - began;
      }
      if (first === null) throw new Error("The answer has no text.");
      // undici frees a connection one turn of the event loop after the answer's end.
      await new Promise((resolve) => setImmediate(resolve));
      return first;
    },
    async [Symbol.asyncDispose]() {
      await dispatcher.close();
    },
  };
}
