import { describe, expect, test } from "vitest";
import { agentWords, readAgent } from "./read-agent.ts";
import { readGraph } from "./read-definition.ts";

function agentOf(fields: object) {
  const [block] = readGraph({ blocks: [{ id: "a", type: "agent", ...fields }] }).blocks;
  return block === undefined ? null : readAgent(block);
}

function wordsOf(fields: object): string {
  const agent = agentOf(fields);
  return agent === null ? "" : agentWords(agent);
}

const haiku = { provider: "anthropic", model: "claude-haiku-4-5" };

describe("an agent block in words", () => {
  test("names its provider and its model", () => {
    expect(wordsOf(haiku)).toBe("Anthropic claude-haiku-4-5");
  });

  test("names what it falls back to in order, a provider only where it changes, and counts tools", () => {
    const fallbacks = [
      { provider: "anthropic", model: "claude-sonnet-5" },
      { provider: "bedrock", model: "nova" },
    ];
    expect(wordsOf({ ...haiku, fallbacks, tools: [{}, {}] })).toBe(
      "Anthropic claude-haiku-4-5, then claude-sonnet-5, then Amazon Bedrock nova, with 2 tools",
    );
    expect(wordsOf({ ...haiku, tools: [{ type: "mcp" }] })).toBe("Anthropic claude-haiku-4-5, with 1 tool");
  });

  test("says what a half-written draft has, and calls an unknown provider as it is written", () => {
    expect(wordsOf({ provider: "other", model: "m", fallbacks: [7, {}], tools: "none" })).toBe("other m");
    expect(wordsOf({ model: "" })).toBe("");
  });

  test("is read of agent blocks alone", () => {
    expect(agentOf({ ...haiku, type: "http" })).toBeNull();
  });
});
