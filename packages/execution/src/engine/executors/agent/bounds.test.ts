import { describe, expect, test } from "vitest";
import { agent, fnTool, planOf, start } from "../../testing/plans.ts";
import { callOf, pick, play, roundsBefore, streamOf, TestResources } from "../../testing/resources.ts";

// What a server that a user named may make of one block: it speaks the protocol, and never comes to an end.

type Called = [name: string, args: { readonly a?: string }];

const plan = planOf([start(), agent("A", "Q", { tools: [fnTool("echo")] })], ["Start -> A"]);

describe("a model without end", () => {
  test("that writes arguments beyond what an answer may be ends the block, charged, and no tool is called", async () => {
    const resources = new TestResources();
    resources.model = () =>
      callOf(["echo", { a: "x".repeat(2_000_000) }], ["echo", { a: "x".repeat(2_000_000) }]);
    const events = await play(plan, resources);
    expect(pick(events, "block.failed")).toMatchObject([
      { error: { code: "OUTPUT_INVALID", message: expect.stringContaining("4000000") }, costMicros: 500 },
    ]);
    expect(resources.jobs).toEqual([]);
  });

  test("that fills a conversation round after round is asked no more once no model could read it", async () => {
    const resources = new TestResources();
    resources.code["echo"] = () => "x".repeat(100_000);
    const calls = Array.from({ length: 64 }, (): Called => ["echo", {}]);
    resources.model = () => callOf(...calls);
    const events = await play(plan, resources);
    expect(pick(events, "block.failed")).toMatchObject([
      { error: { code: "INVALID_INPUT", retryable: false, message: expect.stringContaining("32000000") } },
    ]);
    // 6.4 MB a round.
    expect(resources.prompts).toHaveLength(5);
    expect(resources.reserved).toHaveLength(5);
  });
});

test("parameters whose check backtracks for ever hold the process up twice, not with every call of a round", async () => {
  const parameters = { type: "object", properties: { a: { type: "string", pattern: "^(a+)+$" } } };
  const slow: Called = ["echo", { a: `${"a".repeat(60)}!` }];
  const resources = new TestResources();
  resources.model = (request) =>
    roundsBefore(request) === 0 ? callOf(slow, slow, ["echo", { a: "aaa" }]) : streamOf("Done");
  const tools = [fnTool("echo", "echo", parameters)];
  const events = await play(planOf([start(), agent("A", "Q", { tools })], ["Start -> A"]), resources);
  const told = { isError: true, result: expect.stringContaining("took too long") };
  expect(events.at(-1)).toMatchObject({ output: { A: { toolCalls: [told, told, told] } } });
  expect(resources.jobs).toEqual([]);
});
