import { describe, expect, test } from "vitest";
import { condition, fn, planOf, start } from "../testing/plans.ts";
import { Failed, play, TestResources } from "../testing/resources.ts";

describe("the function block", () => {
  test("binds its inputs as values under the default or its own time limit", async () => {
    const resources = new TestResources();
    const input = { a: { deep: ["`${1}`"] } };
    for (const fields of [{}, { timeoutMs: 50 }]) {
      await play(
        planOf([start(["a"]), fn("A", "echo", { a: "<Start.a>" }, fields)], ["Start -> A"]),
        resources,
        { input },
      );
    }
    const job = { kind: "body", source: "echo", inputs: input };
    const limits = { memoryBytes: 67_108_864, resultBytes: 1_048_576 };
    expect(resources.jobs).toEqual([
      { ...job, limits: { ...limits, timeoutMs: 5_000 } },
      { ...job, limits: { ...limits, timeoutMs: 50 } },
    ]);
  });

  test.each([
    ["TIMED_OUT", "CODE_TIMED_OUT"],
    ["OUT_OF_MEMORY", "CODE_LIMIT_EXCEEDED"],
    ["RESULT_TOO_LARGE", "CODE_LIMIT_EXCEEDED"],
    ["THREW", "CODE_THREW"],
    ["SYNTAX_ERROR", "CODE_THREW"],
  ] as const)("that ends with %s fails with %s", async (failure, code) => {
    const resources = new TestResources();
    resources.code["x"] = () => new Failed(failure, "why");
    const events = await play(planOf([start(), fn("A", "x")], ["Start -> A"]), resources);
    expect(events.at(-1)).toMatchObject({ error: { code, message: 'Block "A" failed: why' } });
  });
});

describe("the condition block", () => {
  test("gives the sandbox its bound inputs and no other output of the run", async () => {
    const resources = new TestResources();
    const plan = planOf(
      [start(["a", "b"]), condition("If", [["x", "true"]], { a: "<Start.a>" })],
      ["Start -> If"],
    );
    await play(plan, resources, { input: { a: 1, b: "not for the condition" } });
    expect(resources.jobs).toEqual([
      {
        kind: "expression",
        source: "true",
        inputs: { a: 1 },
        limits: { timeoutMs: 500, memoryBytes: 67_108_864, resultBytes: 65_536 },
      },
    ]);
  });

  test.each([
    [0, "else"],
    ["", "else"],
    [null, "else"],
    ["no", "x"],
    [[], "x"],
    [new Failed("RESULT_TOO_LARGE", ""), "x"],
  ])("judges the value %j as JavaScript does", async (value, branch) => {
    const resources = new TestResources();
    resources.code["v"] = () => value;
    const events = await play(planOf([start(), condition("If", [["x", "v"]])], ["Start -> If"]), resources);
    expect(events.at(-1)).toMatchObject({ output: { If: { branch } } });
  });

  test("an expression that throws fails the block, names the branch, and asks no further one", async () => {
    const resources = new TestResources();
    resources.code["v"] = () => new Failed("THREW", "a is not defined");
    const plan = planOf(
      [
        start(),
        condition("If", [
          ["x", "v"],
          ["y", "true"],
        ]),
      ],
      ["Start -> If"],
    );
    const events = await play(plan, resources);
    expect(events.at(-1)).toMatchObject({
      error: { code: "CODE_THREW", message: 'Block "If" failed: Branch "x": a is not defined' },
    });
    expect(resources.jobs).toHaveLength(1);
  });
});
