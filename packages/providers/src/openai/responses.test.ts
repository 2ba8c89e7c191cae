import { describe, expect, test } from "vitest";
import { type AnswerEvent, InvalidRequest } from "../adapter.ts";
import { UnreadableChunk } from "../chat-completions/chat-chunk.ts";
import { StreamedError } from "../chat-completions/told-error.ts";
import type { Message } from "../port.ts";
import { request } from "../testing/providers-fixture.ts";
import { responsesEvents } from "./responses-events.ts";
import { responsesRequest } from "./responses-request.ts";

const completed = { type: "response.completed", response: {} };

function done(item: object): object {
  return { type: "response.output_item.done", output_index: 0, item };
}

function reasoning(id: string): object {
  return { type: "reasoning", id, summary: [], encrypted_content: `sealed ${id}`, status: "completed" };
}

function call(id: string): object {
  return { type: "function_call", id: `fc_${id}`, call_id: id, name: "clock", arguments: "" };
}

async function read(events: readonly object[]): Promise<AnswerEvent[]> {
  async function* stream() {
    for (const event of events) yield { id: undefined, event: undefined, data: JSON.stringify(event) };
  }
  const told: AnswerEvent[] = [];
  for await (const event of responsesEvents(stream())) told.push(event);
  return told;
}

describe("thoughts over the Responses API", () => {
  test("go back sealed, each before the call that it led to", async () => {
    const events = await read([
      done(reasoning("r1")),
      done(call("a")),
      done(reasoning("r2")),
      done(reasoning("r3")),
      done(call("b")),
      completed,
    ]);
    const end = events.at(-1);
    if (end?.type !== "end") throw new Error("expected an end");
    const toolCalls = events.flatMap((event) => (event.type === "tool_call" ? [event.call] : []));
    const said: Message = {
      role: "assistant",
      text: "Let me see.",
      toolCalls,
      continuation: { provider: "openai", data: end.continuation },
    };
    const { input } = responsesRequest(request("", { messages: [said] }));
    expect(input).toEqual([
      { role: "assistant", content: "Let me see." },
      { type: "reasoning", id: "r1", summary: [], encrypted_content: "sealed r1" },
      { type: "function_call", call_id: "a", name: "clock", arguments: "{}" },
      { type: "reasoning", id: "r2", summary: [], encrypted_content: "sealed r2" },
      { type: "reasoning", id: "r3", summary: [], encrypted_content: "sealed r3" },
      { type: "function_call", call_id: "b", name: "clock", arguments: "{}" },
    ]);
  });

  test("without a seal, or from chat completions, do not go back", async () => {
    const events = await read([
      done({ type: "reasoning", id: "r1", summary: [] }),
      done(call("a")),
      completed,
    ]);
    expect(events.at(-1)).toEqual({ type: "end", stopReason: "tool_calls" });
    const continuation = { provider: "openai", data: { field: "reasoning", text: "Hm." } } as const;
    const said: Message = { role: "assistant", text: "Yes.", toolCalls: [], continuation };
    expect(responsesRequest(request("", { messages: [said] })).input).toEqual([
      { role: "assistant", content: "Yes." },
    ]);
  });
});

describe("a request over the Responses API", () => {
  test("is not kept at OpenAI, and its tools are not strict", () => {
    const tool = { name: "clock", description: "The time.", parameters: { type: "object" } };
    expect(responsesRequest(request("hi", { tools: [tool] }))).toMatchObject({
      store: false,
      tools: [{ type: "function", name: "clock", strict: false }],
    });
  });

  test("for fewer tokens than the API gives is refused in a sentence", () => {
    expect(() => responsesRequest(request("hi", { maxTokens: 15 }))).toThrow(InvalidRequest);
    expect(responsesRequest(request("hi", { maxTokens: 16 })).max_output_tokens).toBe(16);
  });
});

describe("a stream over the Responses API", () => {
  test("passes over what it does not know, and fails at a call that it cannot read", async () => {
    expect(
      await read([{ type: "response.new" }, { type: 7 }, done({ type: "web_search_call" }), completed]),
    ).toEqual([{ type: "end", stopReason: "end" }]);
    await expect(read([done({ type: "function_call" }), completed])).rejects.toBeInstanceOf(UnreadableChunk);
  });

  test.each([
    [{ type: "error", code: "server_error", message: "No.", param: null }],
    [{ type: "error", error: { type: "too_many_requests", message: "No." } }],
    [{ type: "response.failed", response: { error: { code: "server_error", message: "No." } } }],
  ])("that holds %j fails with its words", async (event) => {
    const broken = read([event, completed]);
    await expect(broken).rejects.toThrow("No.");
    await expect(broken).rejects.toBeInstanceOf(StreamedError);
  });
});
