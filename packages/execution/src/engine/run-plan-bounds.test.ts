import { ProviderError } from "@gantry/providers";
import { describe, expect, test } from "vitest";
import { engineLimits } from "./limits.ts";
import { runPlan } from "./run-plan.ts";
import { agent, fn, http, planOf, response, start } from "./testing/plans.ts";
import { answered, generation, pick, play, promptOf, TestResources } from "./testing/resources.ts";

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("streamed text", () => {
  test("chunks that arrive in the same turn are one event", async () => {
    const resources = new TestResources();
    resources.model = async function* () {
      for (let chunk = 0; chunk < 50; chunk += 1) yield { type: "text", text: "ab" };
      yield { type: "finish", generation: generation("") };
    };
    const events = await play(planOf([start(), agent("A")], ["Start -> A"]), resources);
    expect(pick(events, "text.chunk").map((event) => event.text)).toEqual(["ab".repeat(50)]);
  });

  test("comes before its block's end, in order, also when two blocks stream at once", async () => {
    const resources = new TestResources();
    resources.model = async function* (request) {
      for (const text of ["1", "2", "3", "4"]) {
        yield { type: "text", text: promptOf(request) + text };
        await turns(1);
      }
      yield { type: "finish", generation: generation("") };
    };
    const plan = planOf([start(), agent("A", "a"), agent("B", "b")], ["Start -> A", "Start -> B"]);
    const events = await play(plan, resources);
    for (const [id, text] of [
      ["A", "a1a2a3a4"],
      ["B", "b1b2b3b4"],
    ]) {
      const own = events.filter((event) => "blockId" in event && event.blockId === id);
      expect(own.at(-1)?.type).toBe("block.completed");
      expect(
        pick(own, "text.chunk")
          .map((event) => event.text)
          .join(""),
      ).toBe(text);
    }
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  });

  test("a consumer that stops pulling stops the model's stream at the bound, and loses nothing", async () => {
    const resources = new TestResources();
    const piece = "x".repeat(100_000);
    let sent = 0;
    resources.model = async function* () {
      while (sent < 30) {
        sent += 1;
        yield { type: "text", text: piece };
      }
      yield { type: "finish", generation: generation("") };
    };
    const plan = planOf([start(), agent("A")], ["Start -> A"]);
    const events = runPlan(
      { plan, input: {}, signal: new AbortController().signal, deadlineAt: null },
      resources,
    );
    for (let told = await events.next(); told.value?.type !== "text.chunk"; ) told = await events.next();
    await turns(50);
    const held = sent;
    expect(held).toBeLessThan(30);
    await turns(50);
    expect(sent).toBe(held);
    let chars = 0;
    for await (const event of events) if (event.type === "text.chunk") chars += event.text.length;
    expect(sent).toBe(30);
    expect(chars).toBeGreaterThanOrEqual(1_900_000);
  });

  test("a run that is aborted while its consumer does not pull comes to rest all the same", async () => {
    const resources = new TestResources();
    let closed = false;
    resources.model = async function* (_request, signal) {
      try {
        while (!signal.aborted) yield { type: "text", text: "x".repeat(100_000) };
        signal.throwIfAborted();
      } finally {
        closed = true;
      }
    };
    const controller = new AbortController();
    const plan = planOf([start(), agent("A")], ["Start -> A"]);
    const events = runPlan({ plan, input: {}, signal: controller.signal, deadlineAt: null }, resources);
    await events.next();
    await turns(50);
    controller.abort("deadline");
    await turns(50);
    expect(closed).toBe(true);
    const rest = [];
    for await (const event of events) rest.push(event.type);
    expect(rest.slice(-2)).toEqual(["block.failed", "run.failed"]);
  });

  test("an answer without end is aborted and fails the block, with what it cost", async () => {
    const resources = new TestResources();
    resources.model = async function* (_request, signal) {
      while (!signal.aborted) yield { type: "text", text: "x".repeat(100_000) };
      throw new ProviderError({
        provider: "anthropic",
        code: "ABORTED",
        phase: "streaming",
        message: "The call was aborted.",
        retryable: false,
        costMicros: 9,
      });
    };
    const events = await play(planOf([start(), agent("A")], ["Start -> A"]), resources);
    expect(pick(events, "block.failed")).toMatchObject([
      { error: { code: "OUTPUT_INVALID" }, costMicros: 9 },
    ]);
    expect(events.at(-1)).toMatchObject({ type: "run.failed" });
  });
});

describe("a consumer that does not pull", () => {
  test("holds up the start of further blocks at the bound, and all of them run once it pulls", async () => {
    const names = Array.from({ length: 300 }, (_, index) => `B${index}`);
    const resources = new TestResources();
    const plan = planOf(
      [start(), ...names.map((name) => fn(name))],
      names.map((name) => `Start -> ${name}`),
    );
    const events = runPlan(
      { plan, input: {}, signal: new AbortController().signal, deadlineAt: null },
      resources,
    );
    await events.next();
    await turns(100);
    expect(resources.jobs.length).toBeLessThanOrEqual(engineLimits.eventsWaitingMax);
    let completed = 0;
    for await (const event of events) if (event.type === "block.completed") completed += 1;
    expect(completed).toBe(301);
  });
});

describe("large values", () => {
  test("an event carries a preview of a block's input beyond 64 KB, the block all of it", async () => {
    const resources = new TestResources();
    const plan = planOf([start(["a"]), fn("A", "echo", { a: "<Start.a>" })], ["Start -> A"]);
    const events = await play(plan, resources, { input: { a: "\u00e4".repeat(100_000) } });
    expect(pick(events, "block.started")[1]?.input).toEqual({
      truncated: true,
      bytes: 200_000 + '{"inputs":{"a":""}}'.length,
      preview: `{"inputs":{"a":"${"\u00e4".repeat(engineLimits.eventPreviewChars - '{"inputs":{"a":"'.length)}`,
    });
    expect(resources.jobs[0]?.inputs).toEqual({ a: "\u00e4".repeat(100_000) });
  });

  test("a block whose references grow beyond the bound fails before it does anything", async () => {
    const resources = new TestResources();
    const plan = planOf([start(["a"]), agent("A", "<Start.a>".repeat(20_000))], ["Start -> A"]);
    const events = await play(plan, resources, { input: { a: "x".repeat(1_000_000) } });
    expect(events.at(-1)).toMatchObject({ error: { code: "INVALID_INPUT", blockId: "A" } });
    expect(resources.prompts).toHaveLength(0);
  });

  test("a run whose outputs add up beyond the bound fails at the block that crosses it", async () => {
    const resources = new TestResources();
    const body = "x".repeat(9_000_000);
    resources.answer = () => answered(200, body);
    const names = Array.from({ length: 9 }, (_, index) => `B${index}`);
    const plan = planOf(
      [start(), ...names.map((name) => http(name, "https://example.com/"))],
      names.map((name, index) => `${index === 0 ? "Start" : `B${index - 1}`} -> ${name}`),
    );
    const events = await play(plan, resources);
    expect(events.at(-1)).toMatchObject({ error: { code: "RESPONSE_TOO_LARGE", blockId: "B7" } });
  });

  test("an output that is nested too deeply fails the block, with all its events", async () => {
    const resources = new TestResources();
    resources.answer = () =>
      answered(200, "[".repeat(5_000) + "]".repeat(5_000), { "content-type": "application/json" });
    const plan = planOf(
      [start(), http("A", "https://example.com/"), response("R", "<A.body>")],
      ["Start -> A", "A -> R"],
    );
    const events = await play(plan, resources);
    expect(events.at(-1)).toMatchObject({ error: { code: "OUTPUT_INVALID", blockId: "A" } });
  });
});
