import { type Driver, type Question, signalOf, statusProperty } from "../driver.ts";
import type { TestServer } from "../test-server.ts";
import { openaiClient } from "./chat.ts";

export function responsesDriver(fixture: TestServer): Driver {
  const model = "gpt-4.1";
  const paramsOf = (question: Question) => ({
    model: question.model ?? model,
    input: question.prompt,
  });
  return {
    model,
    statuses: { overloaded: 503, badKey: 401 },
    statusOf: statusProperty,
    async ask(question) {
      const response = await openaiClient(fixture, question.key).responses.create(
        paramsOf(question),
        signalOf(question),
      );
      return response.output_text;
    },
    async *stream(question) {
      const stream = await openaiClient(fixture, question.key).responses.create(
        { ...paramsOf(question), stream: true },
        signalOf(question),
      );
      question.onOpen?.();
      for await (const event of stream) {
        if (event.type === "response.output_text.delta") yield { type: "text", text: event.delta };
        // This SDK hands errors out as events.
        if (event.type === "response.failed")
          throw new Error(event.response.error?.message ?? "failed without an error");
        if (event.type === "response.completed") {
          const { input_tokens = 0, output_tokens = 0 } = event.response.usage ?? {};
          yield { type: "final", inputTokens: input_tokens, outputTokens: output_tokens };
        }
      }
    },
  };
}
