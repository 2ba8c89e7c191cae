import {
  BedrockRuntimeClient,
  BedrockRuntimeServiceException,
  ConverseCommand,
  ConverseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { Driver, Question } from "../driver.ts";
import type { TestServer } from "../test-server.ts";

export function bedrockClient(fixture: TestServer, accessKeyId = "test-key"): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    endpoint: fixture.server.url,
    region: "us-east-1",
    credentials: { accessKeyId, secretAccessKey: "secret" },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ httpsAgent: fixture.httpsAgent }),
  });
}

export function bedrockDriver(fixture: TestServer): Driver {
  const model = "anthropic.claude-haiku-4-5-20251001-v1:0";
  const inputOf = (question: Question) => ({
    modelId: question.model ?? model,
    messages: [{ role: "user" as const, content: [{ text: question.prompt }] }],
  });
  const optionsOf = ({ signal }: Question) => (signal === undefined ? {} : { abortSignal: signal });
  return {
    model,
    statuses: { overloaded: 503, badKey: 403 },
    statusOf: (error) =>
      error instanceof BedrockRuntimeServiceException ? (error.$metadata.httpStatusCode ?? null) : null,
    async ask(question) {
      const command = new ConverseCommand(inputOf(question));
      const { output } = await bedrockClient(fixture, question.key).send(command, optionsOf(question));
      return (output?.message?.content ?? []).map((block) => block.text ?? "").join("");
    },
    async *stream(question) {
      const command = new ConverseStreamCommand(inputOf(question));
      const { stream } = await bedrockClient(fixture, question.key).send(command, optionsOf(question));
      question.onOpen?.();
      for await (const event of stream ?? []) {
        const text = event.contentBlockDelta?.delta?.text;
        if (text !== undefined) yield { type: "text", text };
        const usage = event.metadata?.usage;
        if (usage !== undefined) {
          const { inputTokens = 0, outputTokens = 0 } = usage;
          yield { type: "final", inputTokens, outputTokens };
        }
      }
    },
  };
}
