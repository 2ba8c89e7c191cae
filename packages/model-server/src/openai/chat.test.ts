import OpenAI from "openai";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openaiClient, openaiDriver } from "../testing/drivers/chat.ts";
import { failureOf, readAll, startTestServer, type TestServer } from "../testing/test-server.ts";
import { describeWire } from "../testing/wire-contract.ts";

describeWire("OpenAI chat completions", openaiDriver);

const model = "gpt-4.1";
let fixture: TestServer;
let client: OpenAI;
beforeAll(async () => {
  fixture = await startTestServer();
  client = openaiClient(fixture);
});
afterAll(() => fixture.close());

type Params = OpenAI.ChatCompletionCreateParamsNonStreaming;

function ask(prompt: string, more: Partial<Params> = {}) {
  return client.chat.completions.create({ model, messages: [{ role: "user", content: prompt }], ...more });
}

async function refusal(call: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  const error = await failureOf(call);
  if (!(error instanceof OpenAI.APIError)) throw new Error("expected a refusal", { cause: error });
  return error;
}

const weather = {
  type: "function" as const,
  function: {
    name: "weather",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};

describe("a chat completion", () => {
  test("counts the cache's tokens into the prompt, and reasoning into the completion", async () => {
    const prompt = "[[usage input=10 output=50 reasoning=20]] [[cache read=100 write=50]] hi";
    const expected = {
      prompt_tokens: 160,
      completion_tokens: 50,
      total_tokens: 210,
      prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 50 },
      completion_tokens_details: { reasoning_tokens: 20 },
    };
    expect((await ask(prompt)).usage).toMatchObject(expected);
    const stream = client.chat.completions.stream({
      model,
      messages: [{ role: "user", content: prompt }],
      stream_options: { include_usage: true },
    });
    expect(await stream.totalUsage()).toMatchObject({ prompt_tokens: 160, completion_tokens: 50 });
  });

  test("streams no usage unless asked to", async () => {
    const chunks = await readAll(
      client.chat.completions.create({
        model,
        stream: true,
        messages: [{ role: "user", content: "[[say hello world]]" }],
      }),
    );
    expect(chunks.map((chunk) => chunk.choices[0]?.delta)).toEqual([
      { role: "assistant", content: "" },
      { content: "hello" },
      { content: " world" },
      {},
    ]);
    expect(chunks.some((chunk) => chunk.usage != null)).toBe(false);
  });

  test("[[truncate end]] lacks the finish reason, [[truncate final]] only the usage", async () => {
    const params = (fault: string) => ({
      model,
      stream: true as const,
      stream_options: { include_usage: true },
      messages: [{ role: "user" as const, content: `${fault} [[say hello]]` }],
    });
    const end = await readAll(client.chat.completions.create(params("[[truncate end]]")));
    expect(end.at(-1)?.choices).toMatchObject([{ delta: { content: "hello" }, finish_reason: null }]);
    const final = await readAll(client.chat.completions.create(params("[[truncate final]]")));
    expect(final.at(-1)?.choices).toMatchObject([{ delta: {}, finish_reason: "stop" }]);
  });

  test("says why it ended", async () => {
    const cut = await ask("[[tokens 50]] go on", { max_completion_tokens: 7 });
    expect([cut.choices[0]?.finish_reason, cut.usage?.completion_tokens]).toEqual(["length", 7]);
    expect((await ask("[[filter]] hi")).choices[0]?.finish_reason).toBe("content_filter");
    const refused = await ask("[[refuse]] [[say I would rather not]]");
    expect(refused.choices[0]?.message).toMatchObject({ content: null, refusal: "I would rather not" });
  });

  test("tells the type and size of an image and a PDF", async () => {
    const data = Buffer.alloc(70).toString("base64");
    const answer = await client.chat.completions.create({
      model,
      messages: [
        { role: "developer", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: `data:image/png;base64,${data}` } },
            { type: "image_url", image_url: { url: "https://example.com/cat.png" } },
            { type: "file", file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${data}` } },
          ],
        },
      ],
    });
    const text = answer.choices[0]?.message.content ?? "";
    for (const told of [
      "image/png of 70 bytes",
      "image by its address",
      "application/pdf of 70",
      "Be brief.",
    ])
      expect(text).toContain(told);
  });

  test("keeps to a JSON schema, and a strict one must be closed and require everything", async () => {
    const properties = { title: { type: "string" }, score: { type: "number" } };
    const format = (schema: Record<string, unknown>) => ({
      response_format: {
        type: "json_schema" as const,
        json_schema: { name: "rating", strict: true, schema },
      },
    });
    const closed = { type: "object", properties, required: ["title", "score"], additionalProperties: false };
    const rated = await ask("Rate it", format(closed));
    expect(JSON.parse(rated.choices[0]?.message.content ?? "")).toEqual({ title: "example title", score: 1 });
    const broken = await ask('[[say {"title":7}]]', format(closed));
    expect(broken.choices[0]?.message.content).toBe('{"title":7}');
    for (const schema of [
      { ...closed, required: ["title"] },
      { type: "object", properties },
    ])
      expect((await refusal(ask("Rate it", format(schema)))).status).toBe(400);
  });

  test("JSON mode without a schema wants the word in the messages", async () => {
    const mode = { response_format: { type: "json_object" as const } };
    expect((await refusal(ask("Rate it", mode))).message).toContain("'json'");
    expect((await ask("Rate it in JSON", mode)).choices[0]?.message.content).toBe("{}");
  });
});

describe("tools", () => {
  test("a round calls in parallel, streamed in pieces too, and then quotes the results", async () => {
    const messages: ChatCompletionMessageParam[] = [
      { role: "user", content: "[[tool weather weather]] [[preface Let me look.]] How is it?" },
    ];
    const whole = await client.chat.completions.create({ model, messages, tools: [weather] });
    const stream = client.chat.completions.stream({ model, messages, tools: [weather] });
    const streamed = await stream.finalChatCompletion();
    for (const completion of [whole, streamed]) {
      expect(completion.choices[0]?.finish_reason).toBe("tool_calls");
      expect(completion.choices[0]?.message).toMatchObject({
        content: "Let me look.",
        tool_calls: [
          { type: "function", function: { name: "weather", arguments: '{"city":"example city"}' } },
          { type: "function", function: { name: "weather", arguments: '{"city":"example city"}' } },
        ],
      });
    }
    const called = whole.choices[0]?.message;
    if (called === undefined) throw new Error("expected a message");
    const ids = (called.tool_calls ?? []).map((call) => call.id);
    expect(new Set(ids).size).toBe(2);
    const results = ids.map((id) => ({ role: "tool" as const, tool_call_id: id, content: "12 degrees" }));
    const answered = await client.chat.completions.create({
      model,
      messages: [...messages, called, ...results],
      tools: [weather],
    });
    expect(answered.choices[0]?.message.content).toBe(
      'The tool answered: "12 degrees" The tool answered: "12 degrees"',
    );
  });

  test("a result can call again, and a tool that was not offered", async () => {
    const call = { id: "call_1", type: "function" as const, function: { name: "weather", arguments: "{}" } };
    const again = await client.chat.completions.create({
      model,
      messages: [
        { role: "user", content: "hi" },
        { role: "assistant", tool_calls: [call] },
        { role: "tool", tool_call_id: "call_1", content: "[[tool nonsense]]" },
      ],
      tools: [weather],
    });
    expect(again.choices[0]?.message.tool_calls).toMatchObject([{ function: { name: "nonsense" } }]);
  });

  test("what the real API forbids is refused", async () => {
    const call = { id: "call_1", type: "function" as const, function: { name: "weather", arguments: "{}" } };
    const open: ChatCompletionMessageParam[] = [
      { role: "user", content: "hi" },
      { role: "assistant", tool_calls: [call] },
      { role: "user", content: "well?" },
    ];
    const strict = { ...weather, function: { ...weather.function, strict: true } };
    const forbidden: [Partial<Params>, string][] = [
      [{ messages: open, tools: [weather] }, "call_1"],
      [{ tool_choice: "auto" }, "'tools'"],
      [{ parallel_tool_calls: false }, "'tools'"],
      [{ tools: [strict] }, "additionalProperties"],
      [{ model: "gpt-5-mini", max_tokens: 10 }, "max_completion_tokens"],
    ];
    for (const [params, told] of forbidden) {
      const error = await refusal(ask("hi", params));
      expect([error.status, error.type]).toEqual([400, "invalid_request_error"]);
      expect(error.message).toContain(told);
    }
  });
});

describe("a refusal in OpenAI's shape", () => {
  test.each([
    ["[[error 429 retry-after=2]]", 429, "requests", "rate_limit_exceeded", "2"],
    ["[[error 429 type=insufficient_quota]]", 429, "insufficient_quota", "insufficient_quota", null],
    ["[[overloaded retry-after=2]]", 503, "server_error", "server_overloaded", "2"],
    ["[[error 500]]", 500, "server_error", null, null],
    ["[[bad-key]]", 401, "invalid_request_error", "invalid_api_key", null],
  ])("%s is %i %s", async (prompt, status, type, code, retryAfter) => {
    const error = await refusal(ask(prompt));
    expect([error.status, error.type, error.code]).toEqual([status, type, code]);
    expect(error.headers?.get("retry-after") ?? null).toBe(retryAfter);
    expect(error.requestID).toMatch(/^req_local_/);
  });

  test("an unknown model is told by its code", async () => {
    const error = await refusal(ask("hi", { model: "unknown-1" }));
    expect([error.status, error.code]).toEqual([404, "model_not_found"]);
  });

  test("a missing key is 401", async () => {
    const none = await fixture.post("/v1/chat/completions", "{}", { "api-key": "not where it belongs" });
    expect(none.status).toBe(401);
    await none.body?.cancel();
  });
});
