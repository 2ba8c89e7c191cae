import type { JsonValue } from "@gantry/workflow";
import { describe, expect, test } from "vitest";
import { engineLimits } from "../../../limits.ts";
import { agent, childId, fn, fnTool, planOf, response, start, workflowTool } from "../../../testing/plans.ts";
import {
  aborted,
  callOf,
  outline,
  pick,
  play,
  promptOf,
  roundsBefore,
  streamOf,
  TestResources,
} from "../../../testing/resources.ts";

const parent = planOf([start(), agent("A", "parent", { tools: [workflowTool("child")] })], ["Start -> A"]);

/** A model that first makes the calls of its prompt, `name` or `name*2`, and then answers. */
function obedient(): TestResources {
  const resources = new TestResources();
  resources.model = (request) => {
    const calls = scripts[promptOf(request)] ?? [];
    return roundsBefore(request) === 0 && calls.length > 0 ? callOf(...calls) : streamOf("Done");
  };
  return resources;
}

const scripts: Record<string, readonly (readonly [string, JsonValue])[]> = {
  parent: [["child", {}]],
  "parent twice": [
    ["child", { n: 1 }],
    ["child", { n: 2 }],
  ],
};

function deploy(resources: TestResources, name: string, plan: ReturnType<typeof planOf>): void {
  resources.children[childId(name)] = { kind: "found", plan, name };
}

function told(resources: TestResources) {
  const message = resources.prompts.at(-1)?.messages[2];
  return message?.role === "tool" ? message.results : [];
}

describe("a workflow that an agent calls", () => {
  test("takes the arguments as its input and gives its output; its blocks are not told", async () => {
    const resources = obedient();
    const child = planOf(
      [start(["n"]), fn("F", "double", { n: "<Start.n>" }), response("R", { twice: "<F.result>" })],
      ["Start -> F", "F -> R"],
    );
    deploy(resources, "child", child);
    resources.code["double"] = (inputs) => Number(inputs["n"]) * 2;
    const block = agent("A", "parent twice", { tools: [workflowTool("child")] });
    const events = await play(planOf([start(), block], ["Start -> A"]), resources);
    expect(told(resources)).toMatchObject([{ text: '{"twice":2}' }, { text: '{"twice":4}' }]);
    expect(outline(events)).not.toContain("block.started F");
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  });

  test("is charged to the run, as calls of the agent's block, each of which has a key of its own", async () => {
    const resources = obedient();
    deploy(
      resources,
      "child",
      planOf([start(["n"]), agent("X", "a"), agent("Y", "b")], ["Start -> X", "X -> Y"]),
    );
    const block = agent("A", "parent twice", { tools: [workflowTool("child")] });
    const events = await play(planOf([start(), block], ["Start -> A"]), resources);
    const charges = pick(events, "block.completed").flatMap((event) => event.charges);
    expect(charges.map(({ key, blockId }) => `${key} ${blockId}`).sort()).toEqual([
      "A.1/X:1 A/X",
      "A.1/Y:1 A/Y",
      "A.2/X:1 A/X",
      "A.2/Y:1 A/Y",
      "A:1 A",
      "A:2 A",
    ]);
    expect(pick(events, "block.completed").at(-1)?.costMicros).toBe(6 * 500);
    expect(resources.reserved).toHaveLength(6);
    expect(new Set(resources.ended.map((charge) => charge?.key))).toEqual(
      new Set(charges.map(({ key }) => key)),
    );
  });

  test("has a key of its own for each call also across rounds", async () => {
    const resources = obedient();
    deploy(resources, "child", planOf([start(), agent("X", "a")], ["Start -> X"]));
    resources.model = (request) =>
      promptOf(request) === "parent" && roundsBefore(request) < 2 ? callOf(["child", {}]) : streamOf("Done");
    const { charges } = pick(await play(parent, resources), "block.completed")[1] ?? { charges: [] };
    expect(charges.map(({ key }) => key)).toEqual(["A:1", "A.1/X:1", "A:2", "A.2/X:1", "A:3"]);
  });

  test("is charged also when it fails, and the model is told why", async () => {
    const resources = obedient();
    deploy(resources, "child", planOf([start(), agent("X", "a"), fn("F", "bug")], ["Start -> X", "X -> F"]));
    resources.code["bug"] = () => {
      throw new Error("bug");
    };
    const events = await play(parent, resources);
    expect(told(resources)).toMatchObject([
      { isError: true, text: expect.stringMatching(/The workflow "child" failed. Block "F" failed/) },
    ]);
    expect(pick(events, "block.completed")[1]?.charges.map(({ key }) => key)).toContain("A.1/X:1");
    expect(events.at(-1)).toMatchObject({ type: "run.completed" });
  });

  test.each([
    ["is not there", { kind: "missing" }, "no such workflow"],
    ["is not deployed", { kind: "not_deployed", name: "Weather" }, '"Weather" is not deployed'],
    ["cannot be read", { kind: "unavailable" }, "could not be read"],
  ] as const)("and that %s is an error that the model is told", async (_what, child, said) => {
    const resources = obedient();
    resources.children[childId("child")] = child;
    const events = await play(parent, resources);
    expect(told(resources)).toMatchObject([{ isError: true, text: expect.stringContaining(said) }]);
    expect(events.at(-1)).toMatchObject({ type: "run.completed" });
  });

  test("refuses input that it does not declare, and says what is wrong with it", async () => {
    const resources = obedient();
    const city = { name: "city", type: "string" as const, required: true };
    deploy(resources, "child", planOf([start([city]), fn("F")], ["Start -> F"]));
    await play(parent, resources);
    expect(told(resources)).toMatchObject([{ isError: true, text: expect.stringContaining("city") }]);
    expect(resources.jobs).toEqual([]);
  });

  test("has the run's secrets, and what it makes known of them is redacted in all of the run", async () => {
    const resources = obedient();
    resources.secrets = { TOKEN: "s3cr3t-value" };
    deploy(
      resources,
      "child",
      planOf(
        [start(), fn("F", "echo", { t: "{{TOKEN}}" }), response("R", "<F.result.t>")],
        ["Start -> F", "F -> R"],
      ),
    );
    const events = await play(parent, resources);
    expect(resources.jobs).toMatchObject([{ inputs: { t: "s3cr3t-value" } }]);
    expect(told(resources)).toMatchObject([{ text: "{{TOKEN}}" }]);
    expect(JSON.stringify(events)).not.toContain("s3cr3t");
  });

  test("makes its secrets known to the whole run: another tool that tells one is redacted, too", async () => {
    const resources = obedient();
    resources.secrets = { TOKEN: "s3cr3t-value" };
    deploy(resources, "child", planOf([start(), fn("F", "keep", { t: "{{TOKEN}}" })], ["Start -> F"]));
    resources.code["keep"] = () => null;
    resources.code["leak"] = () => "It is s3cr3t-value.";
    resources.model = (request) =>
      [callOf(["child", {}]), callOf(["leak", {}])][roundsBefore(request)] ?? streamOf("Done");
    const block = agent("A", "parent", { tools: [workflowTool("child"), fnTool("leak")] });
    const events = await play(planOf([start(), block], ["Start -> A"]), resources);
    expect(JSON.stringify([events, resources.prompts])).not.toContain("s3cr3t");
  });

  test("holds its data only while it runs: one after the other, they may hold more than a run may at once", async () => {
    const resources = obedient();
    deploy(
      resources,
      "child",
      planOf([start(), fn("F", "big"), response("R", "small")], ["Start -> F", "F -> R"]),
    );
    resources.code["big"] = () => "x".repeat(engineLimits.runDataCharsMax / 4);
    resources.model = (request) =>
      promptOf(request) === "parent" && roundsBefore(request) < 5 ? callOf(["child", {}]) : streamOf("Done");
    const events = await play(parent, resources);
    expect(events.at(-1)).toMatchObject({
      output: { A: { toolCalls: Array.from({ length: 5 }, () => ({ result: "small" })) } },
    });
  });

  test("counts against what the run may hold while it runs", async () => {
    const resources = obedient();
    deploy(resources, "child", planOf([start(), fn("F", "big")], ["Start -> F"]));
    resources.code["big"] = () => "x".repeat(engineLimits.runDataCharsMax / 2);
    const first = fn("First", "big");
    const block = agent("A", "parent", { tools: [workflowTool("child")] });
    await play(planOf([start(), first, block], ["Start -> First", "First -> A"]), resources);
    expect(told(resources)).toMatchObject([
      { isError: true, text: expect.stringContaining("would hold more") },
    ]);
  });

  test("is stopped with the run, and what its model calls cost until then is told", async () => {
    const resources = obedient();
    deploy(resources, "child", planOf([start(), agent("X", "a"), fn("F", "hang")], ["Start -> X", "X -> F"]));
    const controller = new AbortController();
    resources.code["hang"] = async (_inputs, signal) => {
      controller.abort("deadline");
      return await aborted(signal);
    };
    const events = await play(parent, resources, { signal: controller.signal });
    expect(events.at(-1)).toMatchObject({ error: { code: "DEADLINE_EXCEEDED" } });
    expect(pick(events, "block.failed")).toMatchObject([
      { error: { code: "CANCELLED" }, charges: [{ key: "A:1" }, { key: "A.1/X:1" }] },
    ]);
    expect(resources.active).toBe(0);
  });
});

describe("workflows that call each other", () => {
  /** Calls itself once per run of it. */
  function endless(): TestResources {
    const resources = obedient();
    deploy(resources, "child", parent);
    return resources;
  }

  test("go five deep; the sixth is told that it may not, and all of them end", async () => {
    const resources = endless();
    const events = await play(parent, resources);
    expect(events.at(-1)).toMatchObject({ type: "run.completed" });
    const { charges } = pick(events, "block.completed")[1] ?? { charges: [] };
    expect(charges.map(({ blockId }) => blockId.split("/").length).sort((a, b) => a - b)).toEqual([
      1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6,
    ]);
    expect(charges.map(({ key }) => key)).toContain("A.1/A.1/A.1/A.1/A.1/A:1");
    const refused = resources.prompts
      .flatMap(({ messages }) => messages)
      .flatMap((message) => (message.role === "tool" ? message.results : []))
      .filter(({ isError }) => isError);
    expect(refused).toMatchObject([{ text: expect.stringContaining("5 deep") }]);
  });

  test("are bounded in number over the whole run, however they are nested", async () => {
    const resources = endless();
    let children = 0;
    deploy(
      resources,
      "child",
      planOf(
        [start(), agent("A", "child", { tools: [workflowTool("child"), fnTool("count")] })],
        ["Start -> A"],
      ),
    );
    resources.code["count"] = () => {
      children += 1;
      return null;
    };
    resources.model = (request) => {
      if (roundsBefore(request) > 0) return streamOf("Done");
      const calls = Array.from({ length: 4 }, () => ["child", {}] as const);
      return promptOf(request) === "parent" ? callOf(...calls) : callOf(["count", {}], ...calls);
    };
    const events = await play(parent, resources);
    expect(events.at(-1)).toMatchObject({ type: "run.completed" });
    expect(children).toBe(engineLimits.childRunsMax);
  });
});
