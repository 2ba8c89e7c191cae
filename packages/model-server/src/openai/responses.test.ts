import OpenAI from "openai";
import type { ResponseInput, ResponseStreamEvent } from "openai/resources/responses/responses";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openaiClient } from "../testing/drivers/chat.ts";
import { responsesDriver } from "../testing/drivers/responses.ts";
import { failureOf, readAll, startTestServer, type TestServer } from "../testing/test-server.ts";
import { describeWire } from "../testing/wire-contract.ts";

describeWire("OpenAI responses", responsesDriver);

const model = "gpt-4.1";
let fixture: TestServer;
let client: OpenAI;
beforeAll(async () => {
  fixture = await startTestServer();
  client = openaiClient(fixture);
});
afterAll(() => fixture.close());

type Params = OpenAI.Responses.ResponseCreateParamsNonStreaming;

function ask(input: string | ResponseInput, more: Partial<Params> = {}) {
  return client.responses.create({ model, input, ...more });
}

function streamed(input: string): Promise<ResponseStreamEvent[]> {
  return readAll(client.responses.create({ model, input, stream: true }));
}

const weather = {
  type: "function" as const,
  name: "weather",
  strict: null,
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

describe("a response", () => {
  test("counts the cache's tokens into the input, and reasoning into the output", async () => {
    const response = await ask("[[usage input=10 output=50 reasoning=20]] [[cache read=100 write=50]] hi");
    expect(response.usage).toEqual({
      input_tokens: 160,
      input_tokens_details: { cached_tokens: 100, cache_write_tokens: 50 },
      output_tokens: 50,
      output_tokens_details: { reasoning_tokens: 20 },
      total_tokens: 210,
    });
  });

  test("streams numbered events, of which the last has the whole answer", async () => {
    const events = await streamed("[[say hello world]]");
    expect(events.map((event) => event.type)).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    const stream = client.responses.stream({ model, input: "[[say hello world]]" });
    const { output, status } = await stream.finalResponse();
    expect(status).toBe("completed");
    expect(output).toMatchObject([
      { type: "message", content: [{ type: "output_text", text: "hello world" }] },
    ]);
  });

  test("is incomplete when it ran into a bound or a filter, and a refusal is one", async () => {
    const cut = await ask("[[tokens 50]] go on", { max_output_tokens: 16 });
    expect([cut.status, cut.incomplete_details]).toEqual(["incomplete", { reason: "max_output_tokens" }]);
    const filtered = await streamed("[[filter]] hi");
    expect(filtered.at(-1)).toMatchObject({
      type: "response.incomplete",
      response: { incomplete_details: { reason: "content_filter" } },
    });
    const refused = await streamed("[[refuse]] [[say no]]");
    expect(refused.at(-1)).toMatchObject({
      type: "response.completed",
      response: { output: [{ content: [{ type: "refusal", refusal: "no" }] }] },
    });
  });

  test("tells the type and size of an image and a PDF, and the instructions", async () => {
    const data = Buffer.alloc(70).toString("base64");
    const response = await ask(
      [
        { role: "developer", content: "Use few words." },
        {
          role: "user",
          content: [
            { type: "input_text", text: "What is this?" },
            { type: "input_image", detail: "auto", image_url: `data:image/png;base64,${data}` },
            { type: "input_file", filename: "a.pdf", file_data: `data:application/pdf;base64,${data}` },
          ],
        },
      ],
      { instructions: "Be brief." },
    );
    for (const told of [
      "image/png of 70 bytes",
      "application/pdf of 70 bytes",
      "Be brief.",
      "Use few words.",
    ])
      expect(response.output_text).toContain(told);
  });

  test("keeps to a JSON schema, and a strict one must be closed and require everything", async () => {
    const properties = { title: { type: "string" } };
    const format = (schema: Record<string, unknown>) => ({
      text: { format: { type: "json_schema" as const, name: "rating", strict: true, schema } },
    });
    const closed = { type: "object", properties, required: ["title"], additionalProperties: false };
    expect((await ask("Rate it", format(closed))).output_text).toBe('{"title":"example title"}');
    const error = await failureOf(ask("Rate it", format({ type: "object", properties })));
    expect(error).toMatchObject({ status: 400, type: "invalid_request_error" });
  });
});

describe("tools", () => {
  test("a round calls in parallel, streamed in pieces too, and then quotes the results", async () => {
    const question = "[[tool weather weather]] [[preface Let me look.]] How is it?";
    const whole = await ask(question, { tools: [weather] });
    const stream = client.responses.stream({ model, input: question, tools: [weather] });
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    expect(types).toContain("response.function_call_arguments.delta");
    expect(types.filter((type) => type === "response.function_call_arguments.done")).toHaveLength(2);
    const call = { type: "function_call", name: "weather", arguments: '{"city":"example city"}' };
    expect((await stream.finalResponse()).output).toMatchObject([{ type: "message" }, call, call]);
    expect(whole.output).toMatchObject([{ type: "message" }, call, call]);

    const calls = whole.output.filter((item) => item.type === "function_call");
    expect(new Set(calls.map((item) => item.call_id)).size).toBe(2);
    const answered = await ask(
      [
        { role: "user", content: question },
        ...calls,
        ...calls.map((item) => ({
          type: "function_call_output" as const,
          call_id: item.call_id,
          output: "12 degrees",
        })),
      ],
      { tools: [weather] },
    );
    expect(answered.output_text).toBe('The tool answered: "12 degrees" The tool answered: "12 degrees"');
  });

  test("what the real API forbids is refused", async () => {
    const call = { type: "function_call" as const, call_id: "call_1", name: "weather", arguments: "{}" };
    const forbidden: Partial<Params>[] = [
      { input: [{ role: "user", content: "hi" }, call], tools: [weather] },
      { tool_choice: { type: "function", name: "nonsense" }, tools: [weather] },
      { tools: [{ ...weather, strict: true }] },
      { previous_response_id: "resp_1" },
    ];
    for (const params of forbidden) expect(await failureOf(ask("hi", params))).toMatchObject({ status: 400 });
  });
});

test("an error in the middle of a stream comes as an event, and then as a failed response", async () => {
  const events = await streamed("[[error-event rate_limit_exceeded]] tell me");
  expect(events.slice(-2)).toMatchObject([
    { type: "error", code: "rate_limit_exceeded" },
    { type: "response.failed", response: { status: "failed", error: { code: "rate_limit_exceeded" } } },
  ]);
});

test("a refusal has OpenAI's shape and says when to retry", async () => {
  const error = await failureOf(ask("[[error 429 retry-after=2]]"));
  if (!(error instanceof OpenAI.RateLimitError)) throw error;
  expect([error.code, error.headers?.get("retry-after")]).toEqual(["rate_limit_exceeded", "2"]);
});
