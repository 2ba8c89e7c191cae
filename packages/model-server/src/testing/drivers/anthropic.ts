import Anthropic from "@anthropic-ai/sdk";
import { type Driver, type Question, signalOf, statusProperty } from "../driver.ts";
import type { TestServer } from "../test-server.ts";

export function anthropicClient({ server, fetchOptions }: TestServer, apiKey = "test-key"): Anthropic {
  return new Anthropic({ apiKey, baseURL: server.url, maxRetries: 0, fetchOptions });
}

/** As Azure documents it: its own header for the key, and a version in the query. */
export function azureClient({ server, fetchOptions }: TestServer, apiKey = "test-key"): Anthropic {
  return new Anthropic({
    baseURL: `${server.url}/anthropic`,
    defaultHeaders: { "api-key": apiKey, "x-api-key": null, authorization: null },
    defaultQuery: { "api-version": "2025-09-29" },
    maxRetries: 0,
    fetchOptions,
  });
}

export function anthropicDriver(clientOf: (key?: string) => Anthropic): Driver {
  const model = "claude-haiku-4-5";
  const paramsOf = (question: Question) => ({
    model: question.model ?? model,
    max_tokens: 10_000,
    messages: [{ role: "user" as const, content: question.prompt }],
  });
  return {
    model,
    statuses: { overloaded: 529, badKey: 401 },
    statusOf: statusProperty,
    async ask(question) {
      const message = await clientOf(question.key).messages.create(paramsOf(question), signalOf(question));
      return message.content.map((block) => (block.type === "text" ? block.text : "")).join("");
    },
    async *stream(question) {
      const params = { ...paramsOf(question), stream: true as const };
      const stream = await clientOf(question.key).messages.create(params, signalOf(question));
      question.onOpen?.();
      let billed = { inputTokens: 0, outputTokens: 0 };
      for await (const event of stream) {
        if (event.type === "content_block_delta" && event.delta.type === "text_delta")
          yield { type: "text", text: event.delta.text };
        if (event.type === "message_delta") {
          const { input_tokens, output_tokens } = event.usage;
          billed = { inputTokens: input_tokens ?? 0, outputTokens: output_tokens };
        }
        if (event.type === "message_stop") yield { type: "final", ...billed };
      }
    },
  };
}
