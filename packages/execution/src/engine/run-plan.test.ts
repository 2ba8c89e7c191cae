import { EventEmitter, once } from "node:events";
import { describe, expect, test } from "vitest";
import { runPlan } from "./run-plan.ts";
import { agent, condition, fn, http, planOf, response, start } from "./testing/plans.ts";
import { Failed, outline, pick, play, TestResources } from "./testing/resources.ts";

describe("events", () => {
  test("are numbered without gaps and end with exactly one terminal event", async () => {
    const plan = planOf([start(["a"]), fn("A", "echo", { a: "<Start.a>" })], ["Start -> A"]);
    const events = await play(plan, new TestResources(), { input: { a: 1 } });
    expect(outline(events)).toEqual([
      "run.started",
      "block.started Start",
      "block.completed Start",
      "block.started A",
      "block.completed A",
      "run.completed",
    ]);
    expect(events.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("nothing runs before the first event is asked for", async () => {
    const resources = new TestResources();
    const plan = planOf([start(), fn("A")], ["Start -> A"]);
    const events = runPlan(
      { plan, input: {}, signal: new AbortController().signal, deadlineAt: null },
      resources,
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(resources.jobs).toHaveLength(0);
    expect(await events.return()).toEqual({ done: true, value: undefined });
    expect(resources.jobs).toHaveLength(0);
  });

  test("carry what a block was given, references replaced, and what it gave", async () => {
    const plan = planOf(
      [start(["a"]), fn("A", "echo", { a: "<Start.a.b[1]>", t: "v: <variable.v>" })],
      ["Start -> A"],
      { v: { x: 1 } },
    );
    const events = await play(plan, new TestResources(), { input: { a: { b: [1, [2]] } } });
    expect(pick(events, "block.started")[1]?.input).toEqual({ inputs: { a: [2], t: 'v: {"x":1}' } });
    expect(pick(events, "block.completed")[1]?.output).toEqual({ result: { a: [2], t: 'v: {"x":1}' } });
  });
});

describe("order of blocks", () => {
  test("ready blocks run in parallel: both have started before either completes", async () => {
    const resources = new TestResources();
    let arrived = 0;
    const gate = new EventEmitter();
    const open = once(gate, "open");
    resources.code["meet"] = async () => {
      arrived += 1;
      if (arrived === 2) gate.emit("open");
      await open;
    };
    const plan = planOf(
      [start(), fn("A", "meet"), fn("B", "meet"), fn("C")],
      ["Start -> A", "Start -> B", "A -> C", "B -> C"],
    );
    const told = outline(await play(plan, resources));
    expect(told.indexOf("block.started B")).toBeLessThan(told.indexOf("block.completed A"));
    expect(told.indexOf("block.started C")).toBeGreaterThan(told.indexOf("block.completed A"));
    expect(told.indexOf("block.started C")).toBeGreaterThan(told.indexOf("block.completed B"));
  });

  test("a condition takes one branch; the other is skipped with all that only it leads to; a merge runs", async () => {
    const plan = planOf(
      [
        start(),
        condition("If", [
          ["no", "false"],
          ["yes", "true"],
          ["later", "true"],
        ]),
        fn("No"),
        fn("AfterNo"),
        fn("Yes"),
        fn("Merge", "echo", { no: "<AfterNo.result>", yes: "<Yes.result>" }),
      ],
      [
        "Start -> If",
        "If branch:no -> No",
        "No -> AfterNo",
        "AfterNo -> Merge",
        "If branch:yes -> Yes",
        "Yes -> Merge",
      ],
    );
    const resources = new TestResources();
    const events = await play(plan, resources);
    expect(pick(events, "block.started").map((event) => event.blockId)).toEqual([
      "Start",
      "If",
      "Yes",
      "Merge",
    ]);
    expect(pick(events, "block.completed")[1]?.output).toEqual({ branch: "yes" });
    // The branch that was not taken is null to the block after the merge; branches after the first true one are not asked.
    expect(events.at(-1)).toMatchObject({ output: { Merge: { result: { no: null, yes: {} } } } });
    expect(resources.jobs.filter((job) => job.kind === "expression")).toHaveLength(2);
  });

  test("a condition without a true branch takes else, and both of its edges may lead to one block", async () => {
    const plan = planOf(
      [start(), condition("If", [["no", "false"]]), fn("A")],
      ["Start -> If", "If branch:no -> A", "If else -> A"],
    );
    const events = await play(plan, new TestResources());
    expect(events.at(-1)).toMatchObject({ type: "run.completed", output: { A: { result: {} } } });
  });

  test("a chain of 200 blocks runs through", async () => {
    const names = Array.from({ length: 200 }, (_, index) => `B${index}`);
    const blocks = names.map((name, index) =>
      fn(name, "echo", index === 0 ? {} : { before: `<B${index - 1}.result>` }),
    );
    const resources = new TestResources();
    resources.code["echo"] = () => 1;
    const edges = names.map((name, index) => `${index === 0 ? "Start" : `B${index - 1}`} -> ${name}`);
    const events = await play(planOf([start(), ...blocks], edges), resources);
    expect(events.at(-1)).toMatchObject({ type: "run.completed", output: { B199: { result: 1 } } });
    expect(events).toHaveLength(2 + 2 * 201);
  });

  test("a chain of 200 skipped blocks is skipped to its end", async () => {
    const names = Array.from({ length: 200 }, (_, index) => `B${index}`);
    const edges = names.map((name, index) => `${index === 0 ? "If branch:x" : `B${index - 1}`} -> ${name}`);
    const plan = planOf(
      [start(), condition("If", [["x", "false"]]), ...names.map((name) => fn(name)), fn("End")],
      ["Start -> If", ...edges, "If else -> End", "B199 -> End"],
    );
    expect(outline(await play(plan, new TestResources()))).toContain("block.completed End");
  });

  test("of 100 blocks that are ready at once all run, at most 32 at a time", async () => {
    const names = Array.from({ length: 100 }, (_, index) => `B${index}`);
    const resources = new TestResources();
    resources.code["turn"] = () => new Promise((resolve) => setImmediate(() => resolve(1)));
    const plan = planOf(
      [start(), ...names.map((name) => fn(name, "turn")), response("End", "done")],
      names.flatMap((name) => [`Start -> ${name}`, `${name} -> End`]),
    );
    const events = await play(plan, resources);
    expect(pick(events, "block.completed")).toHaveLength(102);
    expect(resources.activeMax).toBe(32);
    expect(events.at(-1)).toMatchObject({ type: "run.completed", output: "done" });
  });
});

describe("failing blocks", () => {
  test("an error edge takes over with the code and message as output; the out edge is skipped", async () => {
    const plan = planOf(
      [
        start(),
        fn("A", "fail"),
        fn("Ok"),
        fn("Mend", "echo", { code: "<A.error.code>", message: "<A.error.message>" }),
      ],
      ["Start -> A", "A -> Ok", "A error -> Mend"],
    );
    const events = await play(plan, failing());
    expect(pick(events, "block.failed")).toMatchObject([
      { blockId: "A", handled: true, error: { code: "CODE_THREW" } },
    ]);
    expect(outline(events)).not.toContain("block.started Ok");
    expect(events.at(-1)).toMatchObject({
      type: "run.completed",
      output: { Mend: { result: { code: "CODE_THREW", message: "no such thing" } } },
    });
  });

  test("an error edge is skipped when the block completes", async () => {
    const plan = planOf(
      [start(), fn("A"), fn("Ok"), fn("Mend")],
      ["Start -> A", "A -> Ok", "A error -> Mend"],
    );
    expect(outline(await play(plan, failing()))).not.toContain("block.started Mend");
  });

  test("without an error edge the run fails, names the block, and stops the blocks in flight first", async () => {
    const resources = failing();
    const plan = planOf(
      [start(), fn("Slow", "wait"), fn("A", "fail"), fn("B")],
      ["Start -> Slow", "Start -> A", "A -> B"],
    );
    const events = await play(plan, resources);
    expect(outline(events).slice(-3)).toEqual(["block.failed A", "block.failed Slow", "run.failed"]);
    expect(pick(events, "block.failed")[1]).toMatchObject({ handled: false, error: { code: "CANCELLED" } });
    expect(events.at(-1)).toMatchObject({
      error: { code: "CODE_THREW", blockId: "A", message: 'Block "A" failed: no such thing' },
    });
    expect(resources.active).toBe(0);
  });

  test("a reference to a member that is not there fails the block before it does anything", async () => {
    const resources = new TestResources();
    const plan = planOf([start(["a"]), http("A", "https://example.com/<Start.a.b>")], ["Start -> A"]);
    const events = await play(plan, resources, { input: { a: {} } });
    expect(events.at(-1)).toMatchObject({ error: { code: "REFERENCE_UNRESOLVED", blockId: "A" } });
    expect(outline(events)).toContain("block.started A");
    expect(resources.requests).toHaveLength(0);
  });

  test("an unexpected exception is told as INTERNAL without its text, and its cause handed over", async () => {
    const resources = new TestResources();
    resources.code["bug"] = () => {
      throw new Error("connection string of the database");
    };
    const events = await play(planOf([start(), fn("A", "bug")], ["Start -> A"]), resources);
    expect(events.at(-1)).toMatchObject({ type: "run.failed", error: { code: "INTERNAL", blockId: "A" } });
    expect(JSON.stringify(events)).not.toContain("connection string");
    expect(resources.internalErrors).toMatchObject([{ message: "connection string of the database" }]);
  });

  test("a listener for internal errors that throws does not hurt the run", async () => {
    const resources = new TestResources();
    resources.code["bug"] = () => {
      throw new Error("bug");
    };
    resources.onInternalError = () => {
      throw new Error("logger");
    };
    const plan = planOf([start(), fn("A", "bug"), fn("Mend")], ["Start -> A", "A error -> Mend"]);
    const events = await play(plan, resources);
    expect(events.at(-1)).toMatchObject({ type: "run.completed" });
  });
});

describe("the run's output", () => {
  test("is that of the response block that ran", async () => {
    const plan = planOf(
      [
        start(),
        condition("If", [["x", "false"]]),
        response("R1", "one"),
        response("R2", { two: ["<If.branch>"] }),
      ],
      ["Start -> If", "If branch:x -> R1", "If else -> R2"],
    );
    expect((await play(plan, new TestResources())).at(-1)).toMatchObject({ output: { two: ["else"] } });
  });

  test("is that of the first in plan order when several response blocks ran", async () => {
    const plan = planOf(
      [start(), response("R1", 1), fn("A"), response("R2", 2)],
      ["Start -> A", "A -> R1", "Start -> R2"],
    );
    const first = plan.order.find((id) => id.startsWith("R"));
    expect((await play(plan, new TestResources())).at(-1)).toMatchObject({ output: first === "R1" ? 1 : 2 });
  });

  test("is null when there are response blocks and none was reached: no other output is given away", async () => {
    const plan = planOf(
      [start(), condition("If", [["x", "false"]]), response("R", 1)],
      ["Start -> If", "If branch:x -> R"],
    );
    expect((await play(plan, new TestResources())).at(-1)).toMatchObject({
      type: "run.completed",
      output: null,
    });
  });

  test("is an object of the last outputs by block name when the plan has no response block", async () => {
    const plan = planOf([start(), fn("A"), fn("B"), agent("C")], ["Start -> A", "A -> B", "Start -> C"]);
    const last = (await play(plan, new TestResources())).at(-1);
    expect(last).toMatchObject({ output: { B: { result: {} }, C: { text: "Hello" } } });
  });
});

describe("isolation", () => {
  test("a run cannot change the plan: it is deep-frozen and runs again with the same result", async () => {
    const plan = planOf(
      [start(), fn("A", "spoil", { v: "<variable.v>" }), response("R", { v: "<variable.v>" })],
      ["Start -> A", "A -> R"],
      { v: { list: [1] } },
    );
    const before = JSON.stringify(plan);
    const resources = new TestResources();
    resources.code["spoil"] = (inputs) => {
      const { v } = inputs;
      if (typeof v === "object" && v !== null && "list" in v && Array.isArray(v.list)) v.list.push(2);
      return null;
    };
    const events = await play(plan, resources);
    expect(events.at(-1)).toMatchObject({ error: { code: "INTERNAL" } });
    expect(JSON.stringify(plan)).toBe(before);
  });

  test("a consumer cannot change what blocks see: values in events are frozen", async () => {
    const plan = planOf([start(["a"]), fn("A", "echo", { a: "<Start.a>" })], ["Start -> A"]);
    const input = { a: { list: [1] } };
    const refused: string[] = [];
    const events = await play(plan, new TestResources(), { input }, (event) => {
      for (const value of [Object.entries(event).find(([key]) => key === "input" || key === "output")?.[1]]) {
        if (typeof value === "object" && value !== null && !Object.isFrozen(value)) refused.push(event.type);
      }
    });
    expect(refused).toEqual([]);
    expect(events.at(-1)).toMatchObject({ output: { A: { result: { a: { list: [1] } } } } });
    input.a.list.push(2);
    expect(events.at(-1)).toMatchObject({ output: { A: { result: { a: { list: [1] } } } } });
  });
});

function failing(): TestResources {
  const resources = new TestResources();
  resources.code["fail"] = () => new Failed("THREW", "no such thing");
  return resources;
}
