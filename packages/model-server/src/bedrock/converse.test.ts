import {
  type BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  type Message,
  ModelStreamErrorException,
  ThrottlingException,
  ValidationException,
} from "@aws-sdk/client-bedrock-runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bedrockClient, bedrockDriver } from "../testing/drivers/bedrock.ts";
import { failureOf, readAll, startTestServer, type TestServer } from "../testing/test-server.ts";
import { describeWire } from "../testing/wire-contract.ts";

describeWire("Bedrock Converse", bedrockDriver);

const modelId = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";
let fixture: TestServer;
let client: BedrockRuntimeClient;
beforeAll(async () => {
  fixture = await startTestServer();
  client = bedrockClient(fixture);
});
afterAll(() => fixture.close());

function inputOf(prompt: string, more: Partial<ConverseCommandInput> = {}): ConverseCommandInput {
  return { modelId, messages: [{ role: "user", content: [{ text: prompt }] }], ...more };
}

function ask(prompt: string, more: Partial<ConverseCommandInput> = {}) {
  return client.send(new ConverseCommand(inputOf(prompt, more)));
}

async function streamed(
  prompt: string,
  more: Partial<ConverseCommandInput> = {},
): Promise<ConverseStreamOutput[]> {
  const { stream } = await client.send(new ConverseStreamCommand(inputOf(prompt, more)));
  if (stream === undefined) throw new Error("expected a stream");
  return readAll(Promise.resolve(stream));
}

const toolConfig = {
  tools: [
    {
      toolSpec: {
        name: "weather",
        inputSchema: {
          json: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
        },
      },
    },
  ],
};

describe("an answer of Converse", () => {
  test("counts input without the cache's tokens, and the total with them", async () => {
    const prompt = "[[usage input=10 output=50]] [[cache read=100 write=40]] hi";
    const usage = {
      inputTokens: 10,
      outputTokens: 50,
      totalTokens: 200,
      cacheReadInputTokens: 100,
      cacheWriteInputTokens: 40,
    };
    expect((await ask(prompt)).usage).toEqual(usage);
    expect((await streamed(prompt)).at(-1)).toMatchObject({ metadata: { usage } });
  });

  test("streams as the events of the real service", async () => {
    expect(await streamed("[[say hello world]]")).toMatchObject([
      { messageStart: { role: "assistant" } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { text: "hello" } } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { text: " world" } } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: "end_turn" } },
      { metadata: { metrics: { latencyMs: 1 } } },
    ]);
  });

  test("says why it ended", async () => {
    const cut = await ask("[[tokens 50]] go on", { inferenceConfig: { maxTokens: 7 } });
    expect([cut.stopReason, cut.usage?.outputTokens]).toEqual(["max_tokens", 7]);
    expect((await ask("[[refuse]]")).stopReason).toBe("content_filtered");
    expect((await ask("[[filter]]")).stopReason).toBe("guardrail_intervened");
  });

  test("tells the type and size of an image and a document, and the instructions", async () => {
    const bytes = new Uint8Array(70);
    const content = [
      { text: "What is this?" },
      { image: { format: "png" as const, source: { bytes } } },
      { document: { format: "pdf" as const, name: "report", source: { bytes } } },
      { cachePoint: { type: "default" as const } },
    ];
    const system = [{ text: "Be brief." }, { cachePoint: { type: "default" as const } }];
    const answer = await ask("", { messages: [{ role: "user", content }], system });
    const text = answer.output?.message?.content?.[0]?.text ?? "";
    for (const told of ["png of 70 bytes", "pdf of 70 bytes", "Be brief."]) expect(text).toContain(told);
  });

  test("keeps to a JSON schema, which comes as text and must be closed", async () => {
    const format = (schema: Record<string, unknown>) => ({
      outputConfig: {
        textFormat: {
          type: "json_schema" as const,
          structure: { jsonSchema: { name: "rating", schema: JSON.stringify(schema) } },
        },
      },
    });
    const open = { type: "object", properties: { title: { type: "string" } }, required: ["title"] };
    const answer = await ask("Rate it", format({ ...open, additionalProperties: false }));
    expect(answer.output?.message?.content).toEqual([{ text: '{"title":"example title"}' }]);
    expect(await failureOf(ask("Rate it", format(open)))).toBeInstanceOf(ValidationException);
  });
});

describe("tools", () => {
  test("a round calls in parallel, streamed in pieces too, and then quotes the results", async () => {
    const question = "[[tool weather weather]] [[preface Let me look.]] How is it?";
    const events = await streamed(question, { toolConfig });
    const starts = events.flatMap((event) => event.contentBlockStart ?? []);
    expect(starts.map((start) => start.start?.toolUse?.name)).toEqual(["weather", "weather"]);
    const first = events
      .flatMap((event) => event.contentBlockDelta ?? [])
      .filter((delta) => delta.contentBlockIndex === 1);
    expect(first.map((delta) => delta.delta?.toolUse?.input).join("")).toBe('{"city":"example city"}');

    const called = await ask(question, { toolConfig });
    expect(called.stopReason).toBe("tool_use");
    const message = called.output?.message;
    const calls = (message?.content ?? []).flatMap((block) => block.toolUse ?? []);
    expect(calls.map((call) => call.input)).toEqual([{ city: "example city" }, { city: "example city" }]);
    const results = calls.map((call, index) => ({
      toolResult: {
        toolUseId: call.toolUseId,
        content: [index === 0 ? { text: "12 degrees" } : { json: { degrees: 13 } }],
      },
    }));
    const messages: Message[] = [
      { role: "user", content: [{ text: question }] },
      ...(message === undefined ? [] : [message]),
      { role: "user", content: results },
    ];
    const answered = await ask("", { messages, toolConfig });
    expect(answered.output?.message?.content?.[0]?.text).toBe(
      'The tool answered: "12 degrees" The tool answered: "{"degrees":13}"',
    );
  });

  test("a forced call is made", async () => {
    const forced = await ask("hi", { toolConfig: { ...toolConfig, toolChoice: { any: {} } } });
    expect(forced.stopReason).toBe("tool_use");
  });

  test("what the real service forbids is refused", async () => {
    const user: Message = { role: "user", content: [{ text: "hi" }] };
    const call: Message = {
      role: "assistant",
      content: [{ toolUse: { toolUseId: "call_1", name: "weather", input: {} } }],
    };
    const result: Message = {
      role: "user",
      content: [{ toolResult: { toolUseId: "call_1", content: [{ text: "12" }] } }],
    };
    const named = (name: string): Message => ({
      role: "user",
      content: [{ text: "hi" }, { document: { format: "pdf", name, source: { bytes: new Uint8Array(1) } } }],
    });
    const forbidden: [Partial<ConverseCommandInput>, string][] = [
      [{ messages: [user, user] }, "alternate"],
      [{ messages: [call, user], toolConfig }, "start with a user message"],
      [{ messages: [user, call, user], toolConfig }, "call_1"],
      [{ messages: [user, call, result] }, "toolConfig"],
      [{ messages: [{ role: "user", content: [{ text: " " }] }] }, "blank"],
      [{ messages: [named("report.pdf")] }, "letters"],
      [{ modelId: "claude" }, "model identifier is invalid"],
    ];
    for (const [more, told] of forbidden) {
      const error = await failureOf(ask("hi", more));
      expect(error).toBeInstanceOf(ValidationException);
      expect(error.message).toContain(told);
    }
  });
});

describe("a refusal in AWS's shape", () => {
  test("is the SDK's own exception, with the header that says when to retry", async () => {
    const error = await failureOf(ask("[[error 429 retry-after=2]]"));
    if (!(error instanceof ThrottlingException)) throw error;
    expect(error.$response?.headers).toMatchObject({ "retry-after": "2" });
    expect(error.$metadata.requestId).toMatch(/^req_local_/);
  });

  test.each([
    ["[[overloaded]]", "ServiceUnavailableException"],
    ["[[error 500]]", "InternalServerException"],
    ["[[error 403]]", "AccessDeniedException"],
    ["[[error 424]]", "ModelErrorException"],
    ["[[error 429 type=ModelNotReadyException]]", "ModelNotReadyException"],
    ["[[bad-key]]", "UnrecognizedClientException"],
  ])("%s is %s", async (prompt, name) => {
    expect((await failureOf(ask(prompt))).name).toBe(name);
  });

  test("in the middle of a stream it is an exception of the stream", async () => {
    expect(await failureOf(streamed("[[error-event]] tell me"))).toBeInstanceOf(ModelStreamErrorException);
    const throttled = await failureOf(streamed("[[error-event throttlingException]] tell me"));
    expect(throttled).toBeInstanceOf(ThrottlingException);
  });
});

test("a request without a signature is refused, and an ARN is a model", async () => {
  const none = await fixture.post(`/model/${modelId}/converse`, "{}", {
    authorization: "AWS4-HMAC-SHA256 x",
  });
  expect([none.status, none.headers.get("x-amzn-errortype")]).toEqual([
    403,
    "MissingAuthenticationTokenException",
  ]);
  await none.body?.cancel();
  const arn = "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5";
  const answer = await ask("[[tokens 90]]", { modelId: arn });
  expect(answer.output?.message?.content?.[0]?.text).toContain(arn);
});
