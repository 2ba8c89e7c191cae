import { describe, expect, test } from "vitest";
import type { AnswerEvent } from "../adapter.ts";
import { request } from "../testing/providers-fixture.ts";
import { contentEvents } from "./content-events.ts";
import { UnusableAnswer } from "./unusable-answer.ts";

async function eventsOf(...chunks: readonly unknown[]): Promise<AnswerEvent[]> {
  async function* stream() {
    yield* chunks;
  }
  const events: AnswerEvent[] = [];
  for await (const event of contentEvents(stream(), request("hi"))) events.push(event);
  return events;
}

function ended(finishReason: string, parts: readonly unknown[] = [{ text: "x" }]) {
  return {
    candidates: [{ content: { role: "model", parts }, finishReason }],
    usageMetadata: { promptTokenCount: 1 },
  };
}

describe("the end of an answer", () => {
  test.each([
    ["STOP", "end"],
    ["MAX_TOKENS", "max_tokens"],
    ["CONTINUATION", "max_tokens"],
    ["SAFETY", "refusal"],
    ["RECITATION", "refusal"],
    ["BLOCKLIST", "refusal"],
    ["PROHIBITED_CONTENT", "refusal"],
    ["SPII", "refusal"],
    ["LANGUAGE", "other"],
    ["OTHER", "other"],
    ["OF_NEXT_YEAR", "other"],
  ])("%s is told as %s", async (reason, stopReason) => {
    expect((await eventsOf(ended(reason))).at(-1)).toEqual({ type: "end", stopReason });
  });

  test.each(["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS"])(
    "%s is a failure, not an empty answer",
    async (reason) => {
      await expect(eventsOf(ended(reason, []))).rejects.toThrow(reason);
    },
  );

  test("is not there when no chunk said why the answer ends", async () => {
    const events = await eventsOf({ candidates: [{ content: { parts: [{ text: "x" }] } }] });
    expect(events.map(({ type }) => type)).toEqual(["begin", "text"]);
  });

  test("is a refusal for a prompt that was caught, without candidates or counts", async () => {
    const events = await eventsOf({ promptFeedback: { blockReason: "PROHIBITED_CONTENT" } });
    expect(events.map(({ type }) => type)).toEqual(["begin", "usage", "end"]);
    expect(events.at(-1)).toEqual({ type: "end", stopReason: "refusal" });
  });

  test("does not make an answer free that came without counts", async () => {
    const { usageMetadata: _counts, ...uncounted } = ended("SAFETY");
    expect((await eventsOf(uncounted)).map(({ type }) => type)).not.toContain("usage");
  });
});

test("thoughts are billed and not shown", async () => {
  const events = await eventsOf(ended("STOP", [{ text: "hmm", thought: true }, { text: "Yes." }]));
  expect(events.slice(1, 3)).toEqual([
    { type: "hidden", bytes: 3 },
    { type: "text", text: "Yes." },
  ]);
});

test("cached tokens are taken out of the prompt, thoughts and Google's own tools are put in where they are billed", async () => {
  const events = await eventsOf({
    usageMetadata: {
      promptTokenCount: 110,
      cachedContentTokenCount: 100,
      toolUsePromptTokenCount: 5,
      candidatesTokenCount: 30,
      thoughtsTokenCount: 20,
    },
  });
  const usage = {
    inputTokens: 15,
    outputTokens: 50,
    reasoningTokens: 20,
    cacheReadTokens: 100,
    cacheWriteTokens: 0,
  };
  expect(events).toContainEqual({ type: "usage", usage });
});

test("calls without ids get one that no other round of the conversation has", async () => {
  const parts = [
    { functionCall: { name: "weather" } },
    { functionCall: { name: "clock", args: { zone: "UTC" } } },
  ];
  const events = await eventsOf(ended("STOP", parts));
  expect(events.flatMap((event) => (event.type === "tool_call" ? [event.call] : []))).toEqual([
    { id: "call_1_0", name: "weather", arguments: "{}" },
    { id: "call_1_1", name: "clock", arguments: '{"zone":"UTC"}' },
  ]);
  expect(events.at(-1)).toEqual({ type: "end", stopReason: "tool_calls" });
});

test.each([
  { candidates: "none" },
  { candidates: [{ content: { parts: [{ text: 5 }] } }] },
  { candidates: [{ content: { parts: [{ functionCall: { args: {} } }] } }] },
  { usageMetadata: { promptTokenCount: -1 } },
  { usageMetadata: { promptTokenCount: "many" } },
])("the chunk %j of a server that only looks like Google's is an unusable answer", async (chunk) => {
  await expect(eventsOf(chunk)).rejects.toThrow(UnusableAnswer);
});
