import { describe, expect, test } from "vitest";
import { conversationWords, readAgentRun, readResult } from "./agent-run.ts";

const call = {
  round: 1,
  name: "find_order",
  arguments: { order: "A-1042" },
  result: '{"status":"shipped"}',
  isError: false,
  durationMs: 12,
};
const output = { provider: "anthropic", model: "claude-haiku-4-5", rounds: 2, toolCalls: [call] };

describe("what an agent block did", () => {
  test("is read from its output, tool calls in their order", () => {
    const second = { ...call, round: 2, isError: true };
    expect(readAgentRun({ ...output, toolCalls: [call, second] })).toEqual({
      answeredBy: { provider: "anthropic", model: "claude-haiku-4-5" },
      rounds: 2,
      toolCalls: [call, second],
      caveat: null,
    });
  });

  test("has a caveat where the answer ended before its end, or was refused", () => {
    const caveat = (stopReason: string) => readAgentRun({ ...output, stopReason }).caveat;
    expect(caveat("end")).toBeNull();
    expect(caveat("max_tokens")).toMatch(/max tokens/);
    expect(caveat("refusal")).toMatch(/refused/);
  });

  test("shows arguments that came as text like any other", () => {
    const asText = { ...call, arguments: '{"order":"A-1042"}' };
    expect(readAgentRun({ ...output, toolCalls: [asText] }).toolCalls).toEqual([call]);
  });

  test("is nothing for an output of an older kind, or of none", () => {
    const nothing = { answeredBy: null, rounds: 1, toolCalls: [], caveat: null };
    expect(readAgentRun({ text: "Hi", model: "claude-haiku-4-5", usage: {} })).toEqual(nothing);
    expect(readAgentRun(null)).toEqual(nothing);
    expect(readAgentRun({ toolCalls: [null, 7, {}] })).toEqual(nothing);
  });
});

describe("the conversation in words", () => {
  const haiku = { provider: "anthropic", model: "claude-haiku-4-5" };
  const agent = { model: haiku, fallbacks: [{ provider: "openai", model: "gpt-5" }], tools: 1 };
  const asks = "Asks Anthropic claude-haiku-4-5, then OpenAI gpt-5, with 1 tool.";

  test("is what the block asks, until it is known who answered, and in how many rounds", () => {
    expect(conversationWords(agent, null)).toBe(asks);
    expect(conversationWords(agent, readAgentRun(output))).toBe(
      `${asks} Anthropic claude-haiku-4-5 answered in 2 rounds.`,
    );
    const fallback = readAgentRun({ ...output, provider: "openai", model: "gpt-5", rounds: 1 });
    expect(conversationWords(agent, fallback)).toBe(`${asks} OpenAI gpt-5 answered.`);
  });

  test("leaves out what is not known", () => {
    expect(conversationWords(null, readAgentRun({ text: "Hi" }))).toBe("");
    expect(conversationWords({ model: null, fallbacks: [], tools: 2 }, null)).toBe("");
    expect(conversationWords(null, readAgentRun(output))).toBe(
      "Anthropic claude-haiku-4-5 answered in 2 rounds.",
    );
  });
});

describe("a tool's result", () => {
  test("is a value where it is JSON, and text where it is not", () => {
    expect(readResult('{"a":1}')).toEqual({ a: 1 });
    expect(readResult("[1]")).toEqual([1]);
    expect(readResult("{not json")).toBe("{not json");
    expect(readResult("42 is the answer")).toBe("42 is the answer");
  });
});
