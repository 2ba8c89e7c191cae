import { type Anthropic, APIError } from "@anthropic-ai/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anthropicClient, anthropicDriver } from "../testing/drivers/anthropic.ts";
import { failureOf, startTestServer, type TestServer } from "../testing/test-server.ts";
import { describeWire } from "../testing/wire-contract.ts";

describeWire("Anthropic Messages", (fixture) => anthropicDriver((key) => anthropicClient(fixture, key)));

const model = "claude-haiku-4-5";
let fixture: TestServer;
let client: Anthropic;
beforeAll(async () => {
  fixture = await startTestServer();
  client = anthropicClient(fixture);
});
afterAll(() => fixture.close());

type Params = Anthropic.MessageCreateParamsNonStreaming;

function paramsOf(content: Anthropic.MessageParam["content"], more: Partial<Params> = {}): Params {
  return { model, max_tokens: 1_000, messages: [{ role: "user", content }], ...more };
}

function ask(prompt: string, more: Partial<Params> = {}) {
  return client.messages.create(paramsOf(prompt, more));
}

async function refusal(call: Promise<unknown>): Promise<APIError> {
  const error = await failureOf(call);
  if (!(error instanceof APIError)) throw new Error("expected a refusal of the API", { cause: error });
  return error;
}

function onlyText(message: Anthropic.Message): string {
  const [block] = message.content;
  if (block?.type !== "text") throw new Error("expected one text block");
  return block.text;
}

function format(schema: Record<string, unknown>) {
  return { output_config: { format: { type: "json_schema" as const, schema } } };
}

const weather: Anthropic.Tool = {
  name: "weather",
  input_schema: {
    type: "object",
    properties: { city: { type: "string" }, days: { type: "integer", minimum: 3 } },
    required: ["city", "days"],
  },
};

describe("a message", () => {
  test("is readable, deterministic and repeats the question and the instructions", async () => {
    const first = await ask("What is a lease?", { system: "Be brief." });
    const second = await ask("What is a lease?", { system: "Be brief." });
    expect(onlyText(first)).toContain('You asked: "What is a lease?"');
    expect(onlyText(first)).toContain("Be brief.");
    expect(onlyText(second)).toBe(onlyText(first));
    expect(first.stop_reason).toBe("end_turn");
  });

  test("streams as the events of the real API, which the SDK joins to the whole message", async () => {
    const whole = await ask("What is a lease? [[cache read=100 write=50]]");
    const stream = client.messages.stream(paramsOf("What is a lease? [[cache read=100 write=50]]"));
    const events: string[] = [];
    for await (const event of stream) events.push(event.type);
    const { id, parsed_output, ...streamed } = await stream.finalMessage();
    expect(streamed).toEqual({ ...whole, id: undefined });
    expect([parsed_output, id.slice(0, 10)]).toEqual([null, "msg_local_"]);
    expect(events[0]).toBe("message_start");
    expect(events.slice(-3)).toEqual(["content_block_stop", "message_delta", "message_stop"]);
  });

  test("reports input without the cache's, and thinking within the output", async () => {
    const counts = "[[usage input=10 output=50 reasoning=20]] [[cache read=100 write=50]]";
    expect((await ask(counts)).usage).toMatchObject({
      input_tokens: 10,
      output_tokens: 50,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 50,
      output_tokens_details: { thinking_tokens: 20 },
    });
  });

  test("is cut at max_tokens, and a refusal says that it is one", async () => {
    const cut = await ask("[[tokens 50]] go on", { max_tokens: 7 });
    expect([cut.stop_reason, cut.usage.output_tokens]).toEqual(["max_tokens", 7]);
    expect((await ask("[[refuse]]")).stop_reason).toBe("refusal");
    expect((await ask("[[filter]]")).stop_reason).toBe("refusal");
  });

  test("tells the type and size of an image and a PDF", async () => {
    const data = Buffer.alloc(70).toString("base64");
    const message = await client.messages.create(
      paramsOf([
        { type: "image", source: { type: "base64", media_type: "image/png", data } },
        { type: "document", source: { type: "base64", media_type: "application/pdf", data } },
        { type: "text", text: "What is this?" },
      ]),
    );
    expect(onlyText(message)).toContain("image/png of 70 bytes");
    expect(onlyText(message)).toContain("application/pdf of 70 bytes");
  });

  test("keeps to an output format, and refuses one with open objects as the real API does", async () => {
    const properties = { title: { type: "string" }, score: { type: "number" } };
    const closed = format({
      type: "object",
      properties,
      required: ["title", "score"],
      additionalProperties: false,
    });
    expect(JSON.parse(onlyText(await ask("Rate it", closed)))).toEqual({ title: "example title", score: 1 });
    expect(onlyText(await ask('[[say {"title":7}]]', closed))).toBe('{"title":7}');
    const error = await refusal(ask("Rate it", format({ type: "object", properties })));
    expect([error.status, error.apiMessage?.includes("additionalProperties")]).toEqual([400, true]);
  });
});

describe("tools", () => {
  test("a forced call has made-up arguments, streamed as partial JSON too", async () => {
    const params = paramsOf("Weather?", {
      tools: [weather],
      tool_choice: { type: "tool", name: "weather" },
    });
    const whole = await client.messages.create(params);
    const streamed = await client.messages.stream(params).finalMessage();
    for (const message of [whole, streamed]) {
      expect(message.stop_reason).toBe("tool_use");
      expect(message.content).toMatchObject([
        { type: "tool_use", name: "weather", input: { city: "example city", days: 3 } },
      ]);
    }
  });

  test("a round calls in parallel after some text, and then quotes the results", async () => {
    const question = paramsOf("[[tool weather weather]] [[preface Let me look.]] How is it?", {
      tools: [weather],
    });
    const called = await client.messages.stream(question).finalMessage();
    expect(called.content.map((block) => block.type)).toEqual(["text", "tool_use", "tool_use"]);
    const ids = called.content.flatMap((block) => (block.type === "tool_use" ? [block.id] : []));
    expect(new Set(ids).size).toBe(2);
    const answered = await client.messages.create({
      ...question,
      messages: [
        ...question.messages,
        { role: "assistant", content: called.content },
        {
          role: "user",
          content: ids.map((id, index) => ({
            type: "tool_result" as const,
            tool_use_id: id,
            content: index === 0 ? "12 degrees" : [{ type: "text" as const, text: "13 degrees" }],
          })),
        },
      ],
    });
    expect(answered.stop_reason).toBe("end_turn");
    expect(onlyText(answered)).toBe('The tool answered: "12 degrees" The tool answered: "13 degrees"');
  });

  test("one call at most where parallel ones are forbidden, none where calls are", async () => {
    const once = {
      tools: [weather],
      tool_choice: { type: "auto" as const, disable_parallel_tool_use: true },
    };
    expect((await ask("[[tool weather weather]]", once)).content).toHaveLength(1);
    const none = { tools: [weather], tool_choice: { type: "none" as const } };
    expect((await ask("[[tool weather]]", none)).stop_reason).toBe("end_turn");
  });

  test("a call without its result is refused", async () => {
    const call = { type: "tool_use" as const, id: "toolu_1", name: "weather", input: {} };
    const messages: Anthropic.MessageParam[] = [
      { role: "user", content: "hi" },
      { role: "assistant", content: [call] },
      { role: "user", content: "well?" },
    ];
    const error = await refusal(client.messages.create({ ...paramsOf("hi"), messages, tools: [weather] }));
    expect([error.status, error.apiMessage?.includes("toolu_1")]).toEqual([400, true]);
  });
});

describe("a refusal in Anthropic's envelope", () => {
  test.each([
    ["[[error 429 retry-after=2]]", 429, "rate_limit_error", "2"],
    ["[[overloaded retry-after=2]]", 529, "overloaded_error", "2"],
    ["[[error 500]]", 500, "api_error", null],
    ["[[error 400]]", 400, "invalid_request_error", null],
    ["[[error 402 type=billing_error]]", 402, "billing_error", null],
  ])("%s is %i %s", async (prompt, status, type, retryAfter) => {
    const error = await refusal(ask(prompt));
    expect([error.status, error.type]).toEqual([status, type]);
    expect(error.headers?.get("retry-after") ?? null).toBe(retryAfter);
    expect(error.requestID).toMatch(/^req_local_/);
  });

  test("a missing key is 401, and a foreign model 404", async () => {
    const none = await fixture.post("/v1/messages", JSON.stringify(paramsOf("hi")));
    expect(none.status).toBe(401);
    await none.body?.cancel();
    const error = await refusal(ask("hi", { model: "gpt-x" }));
    expect([error.status, error.type]).toEqual([404, "not_found_error"]);
  });

  test("a bad body is 400 and names every problem", async () => {
    const body = JSON.stringify({ model, max_tokens: 0, messages: [], surprise: 1 });
    const answer = await fixture.post("/v1/messages", body, { "x-api-key": "test-key" });
    expect(answer.status).toBe(400);
    const text = await answer.text();
    for (const named of ["invalid_request_error", "max_tokens", "messages", "surprise"]) {
      expect(text).toContain(named);
    }
    const notJson = await fixture.post("/v1/messages", "{", { "x-api-key": "test-key" });
    expect(notJson.status).toBe(400);
    await notJson.body?.cancel();
  });

  test("an error event has the type that was asked for", async () => {
    const stream = client.messages.stream(paramsOf("[[error-event rate_limit_error]] tell me"));
    expect((await refusal(stream.finalMessage())).type).toBe("rate_limit_error");
  });
});
