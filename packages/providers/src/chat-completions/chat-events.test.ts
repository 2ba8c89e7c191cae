import { describe, expect, test } from "vitest";
import type { AnswerEvent } from "../adapter.ts";
import type { GenerateRequest } from "../port.ts";
import { request } from "../testing/providers-fixture.ts";
import { UnreadableChunk } from "./chat-chunk.ts";
import { chatEvents } from "./chat-events.ts";
import { StreamedError } from "./told-error.ts";

const done = "[DONE]";
const stop = { choices: [{ delta: {}, finish_reason: "stop" }] };

function delta(more: object): object {
  return { model: "m-1", choices: [{ index: 0, delta: more, finish_reason: null }] };
}

function finish(finish_reason: string): object {
  return { choices: [{ delta: {}, finish_reason }] };
}

async function read(
  chunks: readonly unknown[],
  asked: GenerateRequest = request("hi"),
): Promise<AnswerEvent[]> {
  async function* events() {
    for (const chunk of chunks) {
      const data = typeof chunk === "string" ? chunk : JSON.stringify(chunk);
      yield { id: undefined, event: undefined, data };
    }
  }
  const told: AnswerEvent[] = [];
  for await (const event of chatEvents(events(), asked)) told.push(event);
  return told;
}

function only<Type extends AnswerEvent["type"]>(events: readonly AnswerEvent[], type: Type) {
  return events.filter((event): event is Extract<AnswerEvent, { type: Type }> => event.type === type);
}

describe("a stream of chat completions", () => {
  test("ends with [DONE] after a finish reason, and not without either", async () => {
    const whole = [delta({ content: "hi" }), stop, done];
    expect((await read(whole)).at(-1)).toEqual({ type: "end", stopReason: "end" });
    for (const part of [whole.slice(0, 2), [whole[0], done], [done], []]) {
      expect(only(await read(part), "end")).toEqual([]);
    }
  });

  test.each([
    ["stop", "end"],
    ["length", "max_tokens"],
    ["content_filter", "refusal"],
    ["abort", "other"],
  ])("that finishes with %s ends as %s", async (reason, stopReason) => {
    expect((await read([finish(reason), done])).at(-1)).toEqual({ type: "end", stopReason });
  });

  test("with words of refusal is a refusal, whatever it finishes with", async () => {
    const events = await read([delta({ refusal: "I would rather not" }), stop, done]);
    expect(only(events, "text")).toEqual([{ type: "text", text: "I would rather not" }]);
    expect(events.at(-1)).toEqual({ type: "end", stopReason: "refusal" });
  });

  test("hides thoughts under either name, counts them once, and hands them out for the next round", async () => {
    for (const names of [["reasoning"], ["reasoning_content"], ["reasoning", "reasoning_content"]]) {
      const thought = (text: string) => delta(Object.fromEntries(names.map((name) => [name, text])));
      const events = await read([thought("Hm. "), thought("Ä."), delta({ content: "Yes." }), stop, done]);
      expect(only(events, "hidden")).toEqual([
        { type: "hidden", bytes: 4 },
        { type: "hidden", bytes: 3 },
      ]);
      expect(only(events, "text")).toEqual([{ type: "text", text: "Yes." }]);
      expect(only(events, "end")[0]?.continuation).toEqual({ field: names[0], text: "Hm. Ä." });
    }
  });

  test("that calls tools and says stop has called tools", async () => {
    const call = { index: 0, id: "a", function: { name: "weather", arguments: "{}" } };
    expect((await read([delta({ tool_calls: [call] }), stop, done])).at(-1)).toEqual({
      type: "end",
      stopReason: "tool_calls",
    });
  });

  test("puts calls together from pieces that are mixed, and tells each once, at the end", async () => {
    const piece = (index: number, more: object) => delta({ tool_calls: [{ index, ...more }] });
    const events = await read([
      piece(0, { id: "a", function: { name: "weather", arguments: "" } }),
      piece(1, { id: "b", function: { name: "clock" } }),
      piece(0, { id: "a", function: { name: "weather", arguments: '{"city":' } }),
      piece(0, { function: { arguments: '"Ulm"}' } }),
      finish("tool_calls"),
      done,
    ]);
    expect(only(events, "tool_call").map(({ call }) => call)).toEqual([
      { id: "a", name: "weather", arguments: '{"city":"Ulm"}' },
      { id: "b", name: "clock", arguments: "{}" },
    ]);
    expect(only(events, "hidden").reduce((sum, { bytes }) => sum + bytes, 0)).toBe(26);
  });

  test("without ids and indices gives each call an id that the conversation does not have yet", async () => {
    const call = { function: { name: "clock", arguments: "{}" } };
    const before = { id: "call_1", name: "clock", arguments: "{}" };
    const asked = request("", {
      messages: [
        { role: "user", content: [{ type: "text", text: "hi" }] },
        { role: "assistant", text: "", toolCalls: [before], continuation: null },
        { role: "tool", results: [{ callId: "call_1", name: "clock", text: "noon", isError: false }] },
      ],
    });
    const events = await read([delta({ tool_calls: [call, call] }), finish("tool_calls"), done], asked);
    expect(only(events, "tool_call").map(({ call: { id } }) => id)).toEqual(["call_2", "call_3"]);
  });

  test.each([
    ["its own chunk", { choices: [], usage: { prompt_tokens: 10, completion_tokens: 5 } }, 10, 5],
    ["Groq's name", { ...stop, x_groq: { usage: { prompt_tokens: 10, completion_tokens: 5 } } }, 10, 5],
    [
      "no completion tokens for thoughts",
      { usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 40 } },
      10,
      30,
    ],
    [
      "a total that is too small",
      { usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 0 } },
      10,
      5,
    ],
  ])("counts under %s", async (_where, chunk, inputTokens, outputTokens) => {
    const [counted] = only(await read([chunk]), "usage");
    expect(counted?.usage).toMatchObject({ inputTokens, outputTokens });
  });

  test("never counts fewer than no tokens, and leaves counts that are none to the estimate", async () => {
    const prompt_tokens_details = { cached_tokens: 12, cache_write_tokens: 3 };
    const [counted] = only(
      await read([{ usage: { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details } }]),
      "usage",
    );
    expect(counted?.usage).toMatchObject({ inputTokens: 0, cacheReadTokens: 10, cacheWriteTokens: 0 });
    for (const prompt_tokens of [-1, 1.5, "10", null]) {
      const events = await read([{ usage: { prompt_tokens, completion_tokens: 5 } }]);
      expect(only(events, "usage")).toEqual([]);
    }
  });

  test.each([
    [{ error: { message: "No." } }],
    [{ error: "No." }],
    [{ object: "error", message: "No." }],
    [{ ...stop, error: { message: "No.", code: 502 } }],
    [{ choices: [], x_groq: { error: "No." } }],
  ])("that holds the error %j fails with its words", async (chunk) => {
    const broken = read([delta({ content: "hi" }), chunk, done]);
    await expect(broken).rejects.toThrow("No.");
    await expect(broken).rejects.toBeInstanceOf(StreamedError);
  });

  test.each([["<html>"], ["7"], [delta({ content: [{ type: "text", text: "hi" }] })], [{ choices: {} }]])(
    "that holds %j fails instead of losing a part of the answer, and does not repeat it",
    async (chunk) => {
      const broken = read([chunk, stop, done]);
      await expect(broken).rejects.toBeInstanceOf(UnreadableChunk);
      await expect(broken).rejects.not.toThrow("html");
    },
  );
});
