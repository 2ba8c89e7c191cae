import type { ConverseStreamOutput, ReasoningContentBlockDelta } from "@aws-sdk/client-bedrock-runtime";
import { expect, test } from "vitest";
import type { AnswerEvent } from "../adapter.ts";
import { converseEvents } from "./converse-events.ts";

const start: ConverseStreamOutput = { messageStart: { role: "assistant" } };
const messageStop: ConverseStreamOutput = { messageStop: { stopReason: "end_turn" } };
const metadata: ConverseStreamOutput = {
  metadata: {
    usage: { inputTokens: 3, outputTokens: 5, totalTokens: 108, cacheReadInputTokens: 100 },
    metrics: { latencyMs: 1 },
  },
};

function thought(
  contentBlockIndex: number,
  reasoningContent: ReasoningContentBlockDelta,
): ConverseStreamOutput {
  return { contentBlockDelta: { contentBlockIndex, delta: { reasoningContent } } };
}

function stop(contentBlockIndex: number): ConverseStreamOutput {
  return { contentBlockStop: { contentBlockIndex } };
}

async function read(...events: readonly ConverseStreamOutput[]): Promise<AnswerEvent[]> {
  async function* stream() {
    yield* events;
  }
  const answer: AnswerEvent[] = [];
  for await (const event of converseEvents(stream())) answer.push(event);
  return answer;
}

test("thoughts count as hidden bytes; the signed and the redacted ones come back for the next round", async () => {
  const events = await read(
    start,
    thought(0, { text: "Hm, " }),
    thought(0, { text: "né." }),
    thought(0, { signature: "c2ln" }),
    stop(0),
    thought(1, { redactedContent: new Uint8Array([0]) }),
    thought(1, { redactedContent: new Uint8Array([1]) }),
    stop(1),
    thought(2, { text: "unsigned" }),
    stop(2),
    messageStop,
    metadata,
  );
  const hidden = events.flatMap((event) => (event.type === "hidden" ? [event.bytes] : []));
  expect(hidden).toEqual([4, 4, 0, 0, 0, 8]);
  expect(events.at(-1)).toEqual({
    type: "end",
    stopReason: "end",
    continuation: [{ text: "Hm, né.", signature: "c2ln" }, { redactedBase64: "AAE=" }],
  });
});

test("a call is whole at its stop, and one without arguments has an empty object", async () => {
  const open = (index: number, toolUseId: string): ConverseStreamOutput => ({
    contentBlockStart: { contentBlockIndex: index, start: { toolUse: { toolUseId, name: "clock" } } },
  });
  const events = await read(
    start,
    open(0, "a"),
    { contentBlockDelta: { contentBlockIndex: 0, delta: { toolUse: { input: '{"zone"' } } } },
    open(1, "b"),
    { contentBlockDelta: { contentBlockIndex: 0, delta: { toolUse: { input: ":1}" } } } },
    stop(1),
    stop(0),
  );
  const calls = events.flatMap((event) => (event.type === "tool_call" ? [event.call] : []));
  expect(calls).toEqual([
    { id: "b", name: "clock", arguments: "{}" },
    { id: "a", name: "clock", arguments: '{"zone":1}' },
  ]);
});

test.each([
  ["metadata without messageStop", [metadata]],
  ["messageStop without metadata", [messageStop]],
])("%s is no end", async (_name, events) => {
  const answer = await read(start, ...events);
  expect(answer.map((event) => event.type)).not.toContain("end");
});

test.each([
  ["guardrail_intervened", "refusal"],
  ["content_filtered", "refusal"],
  ["malformed_tool_use", "other"],
  ["a_reason_of_tomorrow", "other"],
])("the stop reason %s is %s", async (told, stopReason) => {
  const stopped: ConverseStreamOutput = JSON.parse(JSON.stringify({ messageStop: { stopReason: told } }));
  const answer = await read(start, stopped, metadata);
  expect(answer.at(-1)).toMatchObject({ type: "end", stopReason });
});

test("what came from the cache is not counted as input again", async () => {
  const usage = (await read(start, metadata)).find((event) => event.type === "usage");
  expect(usage).toMatchObject({ usage: { inputTokens: 3, cacheReadTokens: 100, cacheWriteTokens: 0 } });
});
