import { Cerebras } from "@cerebras/cerebras_cloud_sdk";
import Groq from "groq-sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cerebrasClient, cerebrasDriver, groqClient, groqDriver } from "../testing/drivers/chat.ts";
import { failureOf, readAll, startTestServer, type TestServer } from "../testing/test-server.ts";
import { describeWire } from "../testing/wire-contract.ts";

describeWire("Groq", groqDriver);
describeWire("Cerebras", cerebrasDriver);

let fixture: TestServer;
beforeAll(async () => {
  fixture = await startTestServer();
});
afterAll(() => fixture.close());

const messages = [{ role: "user" as const, content: "[[tool weather]] How is it?" }];
const tools = [
  {
    type: "function" as const,
    function: { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
  },
];
const called = [{ type: "function", function: { name: "weather", arguments: '{"city":"example city"}' } }];
const format = {
  type: "json_schema" as const,
  json_schema: { name: "n", schema: { type: "object", properties: { n: { type: "integer" } } } },
};

describe("Groq", () => {
  test("streams its usage beside the finish reason, under a name of its own", async () => {
    const content = "[[usage input=10 output=5]] [[cache read=3]] hi";
    const chunks = await readAll(
      groqClient(fixture).chat.completions.create({
        model: "llama-3.3-70b-versatile",
        messages: [{ role: "user", content }],
        stream: true,
      }),
    );
    expect(chunks.at(-1)).toMatchObject({
      choices: [{ finish_reason: "stop" }],
      x_groq: {
        usage: { prompt_tokens: 13, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 3 } },
      },
    });
  });

  test("calls tools and keeps to a schema", async () => {
    const { completions } = groqClient(fixture).chat;
    const model = "openai/gpt-oss-20b";
    const answer = await completions.create({ model, messages, tools, parallel_tool_calls: false });
    expect(answer.choices[0]?.message.tool_calls).toMatchObject(called);
    const content = "give a number";
    const structured = await completions.create({
      model,
      messages: [{ role: "user", content }],
      response_format: format,
    });
    expect(structured.choices[0]?.message.content).toBe('{"n":1}');
  });

  test("says when to retry", async () => {
    const content = "[[error 429 retry-after=2]]";
    const call = groqClient(fixture).chat.completions.create({
      model: "llama-3.3-70b-versatile",
      messages: [{ role: "user", content }],
    });
    const error = await failureOf(call);
    if (!(error instanceof Groq.RateLimitError)) throw error;
    expect(error.headers.get("retry-after")).toBe("2");
  });
});

describe("Cerebras", () => {
  test("calls tools and keeps to a schema", async () => {
    const { completions } = cerebrasClient(fixture).chat;
    const model = "gpt-oss-120b";
    expect(await completions.create({ model, messages, tools })).toMatchObject({
      choices: [{ finish_reason: "tool_calls", message: { tool_calls: called } }],
    });
    const content = "give a number";
    expect(
      await completions.create({ model, messages: [{ role: "user", content }], response_format: format }),
    ).toMatchObject({ choices: [{ message: { content: '{"n":1}' } }] });
  });

  test("says when to retry, and hides an error in the middle of a stream behind a failed connection", async () => {
    const { completions } = cerebrasClient(fixture).chat;
    const params = (content: string) => ({
      model: "gpt-oss-120b",
      messages: [{ role: "user" as const, content }],
    });
    const limited = await failureOf(completions.create(params("[[error 429 retry-after=2]]")));
    if (!(limited instanceof Cerebras.RateLimitError)) throw limited;
    expect(limited.headers?.["retry-after"]).toBe("2");
    const stream = completions.create({ ...params("[[error-event]] tell me"), stream: true });
    const broken = await failureOf(readAll(stream));
    if (!(broken instanceof Cerebras.APIConnectionError)) throw broken;
    expect(String(broken.cause)).toContain("asked to fail here");
  });

  test("its warming request is counted, and refused", async () => {
    fixture.server.reset();
    const warming = { baseURL: fixture.server.url, httpAgent: fixture.httpsAgent, maxRetries: 0 };
    const warm = new Cerebras({ apiKey: "test-key", warmTCPConnection: true, ...warming });
    await expect.poll(() => fixture.server.stats().requests).toBe(1);
    await warm.chat.completions.create({ model: "gpt-oss-120b", messages });
    expect(fixture.server.stats().requests).toBe(2);
  });
});
