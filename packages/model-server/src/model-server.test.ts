import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Anthropic, APIError } from "@anthropic-ai/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWithClient } from "./testing/server-with-client.ts";

const model = "claude-haiku-4-5";
type Fixture = Awaited<ReturnType<typeof startWithClient>>;
let fixture: Fixture;

beforeAll(async () => {
  fixture = await startWithClient();
});
afterAll(() => fixture.close());

function ask(prompt: string, more: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}) {
  return fixture.client.messages.create({
    model,
    max_tokens: 1_000,
    messages: [{ role: "user", content: prompt }],
    ...more,
  });
}

async function refusal(call: Promise<unknown>): Promise<APIError> {
  const error = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(error instanceof APIError)) throw new Error("expected the call to be refused", { cause: error });
  return error;
}

function format(schema: Record<string, unknown>) {
  return { output_config: { format: { type: "json_schema" as const, schema } } };
}

function streamed(prompt: string, signal?: AbortSignal) {
  return fixture.client.messages.create(
    { model, max_tokens: 1_000, stream: true, messages: [{ role: "user", content: prompt }] },
    signal === undefined ? {} : { signal },
  );
}

/** Reads a stream to its end; `types` holds what arrived, also when it fails. */
async function readAll(prompt: string, types: string[] = []): Promise<void> {
  for await (const event of await streamed(prompt)) types.push(event.type);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function onlyText(message: Anthropic.Message): string {
  const [block] = message.content;
  if (block?.type !== "text") throw new Error("expected one text block");
  return block.text;
}

describe("an answer through the real SDK", () => {
  test("is readable, deterministic and repeats the question", async () => {
    const first = await ask("What is a lease?");
    const second = await ask("What is a lease?");
    expect(onlyText(first)).toContain("local model");
    expect(onlyText(first)).toContain('You asked: "What is a lease?"');
    expect(onlyText(second)).toBe(onlyText(first));
    expect(first.stop_reason).toBe("end_turn");
  });

  test("streams in many chunks that join to the non-streamed text, with the same usage", async () => {
    const whole = await ask("What is a lease?");
    const stream = fixture.client.messages.stream({
      model,
      max_tokens: 1_000,
      messages: [{ role: "user", content: "What is a lease?" }],
    });
    const events: string[] = [];
    for await (const event of stream) events.push(event.type);
    const streamed = await stream.finalMessage();
    expect(onlyText(streamed)).toBe(onlyText(whole));
    expect(streamed.usage).toEqual(whole.usage);
    expect(events[0]).toBe("message_start");
    expect(events.slice(-3)).toEqual(["content_block_stop", "message_delta", "message_stop"]);
    expect(events.filter((type) => type === "content_block_delta").length).toBeGreaterThan(10);
  });

  test("is cut at max_tokens and says so", async () => {
    const message = await ask("[[tokens 50]] go on", { max_tokens: 7 });
    expect(message.stop_reason).toBe("max_tokens");
    expect(message.usage.output_tokens).toBe(7);
  });

  test("has exactly the tokens that the prompt wishes for", async () => {
    const message = await ask("[[tokens 200]] talk");
    expect(message.usage.output_tokens).toBe(200);
    expect(onlyText(message)).not.toContain("[[");
  });

  test("says what the prompt puts in its mouth and reports the cache tokens it asks for", async () => {
    const message = await ask("[[say exactly this]] [[cache read=100 write=50]]");
    expect(onlyText(message)).toBe("exactly this");
    expect(message.usage.cache_read_input_tokens).toBe(100);
    expect(message.usage.cache_creation_input_tokens).toBe(50);
  });

  test("calls the tool it is told to, streamed as partial JSON too", async () => {
    const params = {
      model,
      max_tokens: 1_000,
      messages: [{ role: "user" as const, content: "Weather?" }],
      tools: [
        {
          name: "weather",
          input_schema: {
            type: "object" as const,
            properties: { city: { type: "string" }, days: { type: "integer", minimum: 3 } },
            required: ["city", "days"],
          },
        },
      ],
      tool_choice: { type: "tool" as const, name: "weather" },
    };
    const whole = await fixture.client.messages.create(params);
    const streamed = await fixture.client.messages.stream(params).finalMessage();
    for (const message of [whole, streamed]) {
      expect(message.stop_reason).toBe("tool_use");
      expect(message.content[0]).toMatchObject({
        type: "tool_use",
        name: "weather",
        input: { city: "example city", days: 3 },
      });
    }
  });

  test("keeps to an output format, and refuses one with open objects as the real API does", async () => {
    const properties = { title: { type: "string" }, score: { type: "number" } };
    const message = await ask(
      "Rate it",
      format({ type: "object", properties, required: ["title", "score"], additionalProperties: false }),
    );
    expect(JSON.parse(onlyText(message))).toEqual({ title: "example title", score: 1 });
    const error = await refusal(ask("Rate it", format({ type: "object", properties })));
    expect(error.status).toBe(400);
    expect(error.apiMessage).toContain("additionalProperties");
  });
});

describe("a refusal in Anthropic's envelope", () => {
  test.each([
    [429, "rate_limit_error", "2"],
    [529, "overloaded_error", "2"],
    [500, "api_error", null],
    [400, "invalid_request_error", null],
  ])("%i is %s", async (status, type, retryAfter) => {
    const asked =
      retryAfter === null ? `[[error ${status}]]` : `[[error ${status} retry-after=${retryAfter}]]`;
    const error = await refusal(ask(asked));
    expect(error.status).toBe(status);
    expect(error.type).toBe(type);
    expect(error.headers?.get("retry-after") ?? null).toBe(retryAfter);
    expect(error.requestID).toMatch(/^req_local_/);
  });

  test("a revoked key is 401, and so is none", async () => {
    const body = { model, max_tokens: 1, messages: [{ role: "user" as const, content: "hi" }] };
    const revoked = await refusal(fixture.withKey("sk-local-revoked").messages.create(body));
    expect([revoked.status, revoked.type]).toEqual([401, "authentication_error"]);
    const none = await fixture.post(JSON.stringify(body), {});
    expect(none.status).toBe(401);
    await none.body?.cancel();
  });

  test("an unknown model is 404", async () => {
    const error = await refusal(ask("hi", { model: "gpt-x" }));
    expect([error.status, error.type]).toEqual([404, "not_found_error"]);
  });

  test("a bad body is 400 and names every problem", async () => {
    const answer = await fixture.post(JSON.stringify({ model, max_tokens: 0, messages: [], surprise: 1 }));
    expect(answer.status).toBe(400);
    const text = await answer.text();
    for (const named of ["invalid_request_error", "max_tokens", "messages", "surprise"]) {
      expect(text).toContain(named);
    }
    const notJson = await fixture.post("{");
    expect(notJson.status).toBe(400);
    await notJson.body?.cancel();
  });
});

describe("a fault on the way", () => {
  test("[[cut]] breaks the connection after some text", async () => {
    const types: string[] = [];
    await expect(readAll("[[cut]] tell me", types)).rejects.toThrow("terminated");
    expect(types).toContain("content_block_delta");
  });

  test("[[truncate]] ends the stream without message_stop", async () => {
    const types: string[] = [];
    await readAll("[[truncate]] tell me", types);
    expect(types).toContain("content_block_delta");
    expect(types).not.toContain("message_stop");
  });

  test("[[error-event]] reports an error in the middle of the stream", async () => {
    const error = await refusal(readAll("[[error-event overloaded_error]] tell me"));
    expect(error.type).toBe("overloaded_error");
  });

  test("[[stall]] sends the headers and nothing after the first event, until the client goes", async () => {
    const abort = new AbortController();
    const types: string[] = [];
    for await (const event of await streamed("[[stall]] tell me", abort.signal)) {
      types.push(event.type);
      expect(fixture.server.stats().requestsInFlight).toBe(1);
      abort.abort();
    }
    expect(types).toEqual(["message_start"]);
    await expect.poll(() => fixture.server.stats().requestsInFlight).toBe(0);
  });
});

describe("the counters", () => {
  test("tell connections, handshakes, requests and which keys were seen", async () => {
    const own = await startWithClient();
    const body = { model, max_tokens: 10, messages: [{ role: "user" as const, content: "hi" }] };
    await own.withKey("key-a").messages.create(body);
    // undici frees a connection one turn of the event loop after the answer.
    await nextTurn();
    await own.withKey("key-b").messages.create(body);
    await expect.poll(() => own.server.stats().requestsInFlight).toBe(0);
    expect(own.server.stats()).toEqual({
      connections: 1,
      tlsHandshakes: 1,
      requests: 2,
      requestsInFlight: 0,
      requestKeys: [sha256("key-a"), sha256("key-b")],
    });
    own.server.reset();
    expect(own.server.stats()).toMatchObject({ connections: 0, requests: 0, requestKeys: [] });
    await own.close();
  });

  test("no keep-alive timeout is announced, so that the client's pool decides how long to keep a connection", async () => {
    const answer = await fixture.post("{");
    await answer.body?.cancel();
    expect(answer.headers.get("keep-alive")).toBeNull();
  });

  test("a server that closes leaves no call hanging", async () => {
    const own = await startWithClient();
    const call = own.client.messages.create({
      model,
      max_tokens: 10,
      messages: [{ role: "user", content: "[[hang]]" }],
    });
    await expect.poll(() => own.server.stats().requestsInFlight).toBe(1);
    await own.server.close();
    await expect(call).rejects.toThrow("Connection error");
    await own.agent.destroy();
  });
});
