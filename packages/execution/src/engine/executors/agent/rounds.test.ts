import type { ToolResult } from "@gantry/providers";
import type { AgentTool, JsonValue } from "@gantry/workflow";
import { describe, expect, test } from "vitest";
import { engineLimits } from "../../limits.ts";
import { agent, fnTool, planOf, start } from "../../testing/plans.ts";
import {
  aborted,
  callOf,
  Failed,
  generation,
  outline,
  pick,
  play,
  roundsBefore,
  streamOf,
  TestResources,
} from "../../testing/resources.ts";

const withTools = (...tools: AgentTool[]) => planOf([start(), agent("A", "Q", { tools })], ["Start -> A"]);

/** A model that makes these calls in its first round and then answers. */
function calling(...calls: readonly (readonly [string, JsonValue])[]): TestResources {
  const resources = new TestResources();
  resources.model = (request) => (roundsBefore(request) === 0 ? callOf(...calls) : streamOf("Done"));
  return resources;
}

/** What the model was told of its calls in the first round. */
function results(resources: TestResources): readonly ToolResult[] {
  const message = resources.prompts[1]?.messages[2];
  if (message?.role !== "tool") throw new Error("The model was told no results");
  return message.results;
}

describe("rounds", () => {
  test("go on until the model answers: it is offered the tools, and told its own words and all results", async () => {
    const resources = calling(["add", { a: 1 }], ["add", { a: 2 }]);
    resources.code["add"] = (inputs) => ({ got: inputs["a"] });
    const [, completed] = pick(await play(withTools(fnTool("add")), resources), "block.completed");
    const definition = { name: "add", description: "What add does", parameters: { type: "object" } };
    expect(resources.prompts).toMatchObject([
      { tools: [definition], toolChoice: "auto", messages: [{ role: "user" }] },
      {
        tools: [definition],
        toolChoice: "auto",
        messages: [
          { role: "user" },
          { role: "assistant", toolCalls: [{ id: "call-0" }, { id: "call-1" }] },
          {
            role: "tool",
            results: [
              { callId: "call-0", name: "add", text: '{"got":1}', isError: false },
              { callId: "call-1", name: "add", text: '{"got":2}', isError: false },
            ],
          },
        ],
      },
    ]);
    expect(completed?.output).toMatchObject({
      text: "Done",
      rounds: 2,
      usage: { inputTokens: 34, outputTokens: 40 },
      toolCalls: [
        { round: 1, name: "add", arguments: { a: 1 }, result: '{"got":1}', isError: false },
        { round: 1, name: "add", arguments: { a: 2 }, result: '{"got":2}', isError: false },
      ],
    });
  });

  test("are one charge each, counted on", async () => {
    const events = await play(withTools(fnTool("echo")), calling(["echo", {}]));
    const [, completed] = pick(events, "block.completed");
    expect(completed?.charges.map(({ key }) => key)).toEqual(["A:1", "A:2"]);
    expect(completed?.costMicros).toBe(1_000);
  });

  test("carry on what the provider wants back, and stream the text of each", async () => {
    const resources = new TestResources();
    const continuation = { provider: "anthropic", data: { signed: "thought" } } as const;
    resources.model = async function* (request) {
      if (roundsBefore(request) > 0) yield* streamOf("Done");
      else {
        yield { type: "text", text: "Let me look." };
        const toolCalls = [{ id: "1", name: "echo", arguments: "{}" }];
        yield { type: "finish", generation: { ...generation("Let me look."), toolCalls, continuation } };
      }
    };
    const events = await play(withTools(fnTool("echo")), resources);
    expect(resources.prompts[1]?.messages[1]).toMatchObject({ text: "Let me look.", continuation });
    const streamed = pick(events, "text.chunk").map(({ text }) => text);
    expect(streamed.join("")).toBe("Let me look.Done");
    expect(events.at(-1)).toMatchObject({ output: { A: { text: "Done" } } });
  });

  test("are 20 at most: the last is asked without calls, and one who calls all the same ends the block", async () => {
    const resources = new TestResources();
    resources.model = () => callOf(["echo", {}]);
    const events = await play(withTools(fnTool("echo")), resources);
    expect(resources.prompts).toHaveLength(20);
    expect(resources.prompts.map(({ toolChoice }) => toolChoice)).toEqual([
      ...Array.from({ length: 19 }, () => "auto"),
      "none",
    ]);
    expect(resources.jobs).toHaveLength(19);
    expect(pick(events, "block.failed")).toMatchObject([
      {
        error: { code: "OUTPUT_INVALID", message: expect.stringContaining("last of 20 rounds") },
        costMicros: 20 * 500,
      },
    ]);
  });

  test("end when a model calls a tool of a block that has none", async () => {
    const events = await play(withTools(), calling(["echo", {}]));
    expect(pick(events, "block.failed")).toMatchObject([{ error: { code: "OUTPUT_INVALID" } }]);
  });

  test("pass the response schema along with the tools", async () => {
    const responseSchema = { type: "object" };
    const resources = calling(["echo", {}]);
    const block = agent("A", "Q", { tools: [fnTool("echo")], responseSchema });
    await play(planOf([start(), block], ["Start -> A"]), resources);
    expect(resources.prompts).toMatchObject([{ responseSchema }, { responseSchema }]);
  });
});

describe("the calls of a round", () => {
  test("run side by side: two that wait for each other both end", async () => {
    const resources = calling(["meet", { me: "a" }], ["meet", { me: "b" }]);
    const arrived: (() => void)[] = [];
    resources.code["meet"] = async () => {
      await new Promise<void>((resolve) => {
        arrived.push(resolve);
        if (arrived.length === 2) for (const go of arrived) go();
      });
      return "met";
    };
    await play(withTools(fnTool("meet")), resources);
    expect(results(resources).map(({ text }) => text)).toEqual(["met", "met"]);
  });

  test("run at most 8 at a time, and what comes back is in the order of the calls", async () => {
    const calls = Array.from({ length: 30 }, (_, n) => ["slow", { n }] as const);
    const resources = calling(...calls);
    resources.code["slow"] = async (inputs) => {
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return inputs["n"];
    };
    await play(withTools(fnTool("slow")), resources);
    expect(resources.activeMax).toBe(engineLimits.toolCallsAtOnce);
    expect(results(resources).map(({ text }) => Number(text))).toEqual(calls.map((_, n) => n));
  });

  test("are bounded: those beyond it are not made, and the model is told so", async () => {
    const calls = Array.from({ length: engineLimits.toolCallsPerRoundMax + 1 }, () => ["echo", {}] as const);
    const resources = calling(...calls);
    await play(withTools(fnTool("echo")), resources);
    expect(resources.jobs).toHaveLength(engineLimits.toolCallsPerRoundMax);
    expect(results(resources).at(-1)).toMatchObject({
      isError: true,
      text: expect.stringContaining("Not called"),
    });
  });

  test("that are cancelled end the block as cancelled, and the model is not asked again", async () => {
    const resources = calling(["wait", {}]);
    const controller = new AbortController();
    resources.code["wait"] = async (_inputs, signal) => {
      controller.abort("requested");
      return await aborted(signal);
    };
    const events = await play(withTools(fnTool("wait")), resources, { signal: controller.signal });
    expect(resources.prompts).toHaveLength(1);
    expect(resources.active).toBe(0);
    expect(outline(events).slice(-2)).toEqual(["block.failed A", "run.cancelled"]);
    expect(events.at(-2)).toMatchObject({ error: { code: "CANCELLED" }, charges: [{ key: "A:1" }] });
  });

  test("one that is broken within Gantry ends the block, when the others have come to rest", async () => {
    const resources = calling(["bug", {}], ["slow", {}]);
    let ended = false;
    resources.code["bug"] = () => {
      throw new Error("bug");
    };
    resources.code["slow"] = async () => {
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      ended = true;
    };
    const events = await play(withTools(fnTool("bug"), fnTool("slow")), resources);
    expect(events.at(-1)).toMatchObject({ error: { code: "INTERNAL" } });
    expect(ended).toBe(true);
  });
});

describe("what goes wrong with a call is told to the model, and the block goes on", () => {
  const needsCity = {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  };
  test.each([
    ["an unknown tool", ["nowhere", {}], 'no tool called "nowhere"'],
    ["arguments that are not JSON", ["weather", '{"city":'], "not JSON"],
    ["a missing argument", ["weather", {}], "city"],
    ["an argument of another type", ["weather", { city: 7 }], "city"],
    ["an argument that is not declared", ["weather", { city: "Bern", x: 1 }], "x"],
    ["arguments that are no object", ["weather", "[1]"], "fit the parameters"],
    ["arguments nested without end", ["any", `{"a":${"[".repeat(5_000)}${"]".repeat(5_000)}}`], "deep"],
  ] as const)("%s", async (_what, call, said) => {
    const resources = calling([...call]);
    const events = await play(withTools(fnTool("weather", "echo", needsCity), fnTool("any")), resources);
    expect(resources.jobs).toEqual([]);
    expect(results(resources)).toMatchObject([{ isError: true, text: expect.stringContaining(said) }]);
    expect(events.at(-1)).toMatchObject({ output: { A: { toolCalls: [{ isError: true, name: call[0] }] } } });
  });

  test("code that throws, and code that returns what cannot be written down", async () => {
    const resources = calling(["throw", {}], ["deep", {}]);
    resources.code["throw"] = () => new Failed("THREW", "no such city (line 3)");
    resources.code["deep"] = () => JSON.parse("[".repeat(5_000) + "]".repeat(5_000));
    const events = await play(withTools(fnTool("throw"), fnTool("deep")), resources);
    expect(results(resources)).toMatchObject([
      { isError: true, text: "no such city (line 3)" },
      { isError: true, text: expect.stringContaining("deeper") },
    ]);
    expect(events.at(-1)).toMatchObject({ type: "run.completed" });
  });

  test("a tool without parameters may be called with nothing at all", async () => {
    const resources = calling(["echo", ""]);
    await play(withTools(fnTool("echo")), resources);
    expect(results(resources)).toMatchObject([{ isError: false, text: "{}" }]);
  });
});

describe("results", () => {
  test("are cut, and say so: the model gets 100,000 characters and the output less", async () => {
    const resources = calling(["long", {}]);
    resources.code["long"] = () => "x".repeat(100_001);
    const events = await play(withTools(fnTool("long")), resources);
    const [told] = results(resources);
    expect(told?.text.length).toBeLessThan(100_100);
    expect(told?.text).toMatch(/^x{100000}\n\[cut: the first 100000 of 100001 characters\]$/);
    expect(JSON.stringify(events.at(-1)).length).toBeLessThan(11_000);
  });

  test("are told without the secrets of the run: neither the model nor the output gets them", async () => {
    const resources = calling(["leak", {}]);
    resources.secrets = { TOKEN: "s3cr3t-value" };
    resources.code["leak"] = () => ({ header: "Bearer s3cr3t-value" });
    const block = agent("A", "Use {{TOKEN}}", { tools: [fnTool("leak")] });
    const events = await play(planOf([start(), block], ["Start -> A"]), resources);
    expect(results(resources)).toMatchObject([{ text: '{"header":"Bearer {{TOKEN}}"}' }]);
    expect(JSON.stringify(events)).not.toContain("s3cr3t");
  });
});

test("parameters that no call could be judged by fail the block before a model is asked", async () => {
  const resources = new TestResources();
  const tool = fnTool("odd", "echo", {
    type: "object",
    properties: { a: { $ref: "https://example.com/x" } },
  });
  const events = await play(withTools(tool), resources);
  expect(pick(events, "block.failed")).toMatchObject([
    { error: { code: "INVALID_INPUT", message: expect.stringContaining('"odd"') } },
  ]);
  expect(resources.prompts).toEqual([]);
});
