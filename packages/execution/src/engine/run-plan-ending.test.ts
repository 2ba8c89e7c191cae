import { getEventListeners } from "node:events";
import { ProviderError } from "@gantry/providers";
import { describe, expect, test } from "vitest";
import { runPlan } from "./run-plan.ts";
import { agent, fn, planOf, start } from "./testing/plans.ts";
import { aborted, outline, pick, play, streamOf, TestResources } from "./testing/resources.ts";

const slow = () => planOf([start(), fn("Slow", "wait"), fn("Next")], ["Start -> Slow", "Slow -> Next"]);

describe("the signal", () => {
  test.each(["requested", "disconnected", "lease_lost", "shutdown"] as const)(
    "%s ends a run that waits on a slow block as cancelled, after that block has stopped",
    async (why) => {
      const resources = new TestResources();
      const controller = new AbortController();
      const events = await play(slow(), resources, { signal: controller.signal }, (event) => {
        if (event.type === "block.started" && event.blockId === "Slow") controller.abort(why);
      });
      expect(outline(events).slice(-2)).toEqual(["block.failed Slow", "run.cancelled"]);
      expect(events.at(-2)).toMatchObject({ error: { code: "CANCELLED" }, handled: false });
      expect(events.at(-1)).toMatchObject({ reason: why });
      expect(resources.active).toBe(0);
    },
  );

  test("deadline ends the run as failed with DEADLINE_EXCEEDED", async () => {
    const controller = new AbortController();
    const events = await play(slow(), new TestResources(), { signal: controller.signal }, (event) => {
      if (event.type === "block.started" && event.blockId === "Slow") controller.abort("deadline");
    });
    expect(events.at(-1)).toMatchObject({
      type: "run.failed",
      error: { code: "DEADLINE_EXCEEDED", blockId: null },
    });
  });

  test("a signal that is aborted beforehand starts no block", async () => {
    const events = await play(slow(), new TestResources(), { signal: AbortSignal.abort("shutdown") });
    expect(outline(events)).toEqual(["run.started", "run.cancelled"]);
  });

  test("another reason than ours counts as requested", async () => {
    const events = await play(slow(), new TestResources(), { signal: AbortSignal.abort() });
    expect(events.at(-1)).toMatchObject({ type: "run.cancelled", reason: "requested" });
  });

  test("a port that throws the abort back is a cancelled block, not an internal error", async () => {
    const resources = new TestResources();
    resources.code["wait"] = async (_inputs, signal) => {
      await aborted(signal);
      signal.throwIfAborted();
    };
    const controller = new AbortController();
    const events = await play(slow(), resources, { signal: controller.signal }, (event) => {
      if (event.type === "block.started" && event.blockId === "Slow") controller.abort("requested");
    });
    expect(events.at(-2)).toMatchObject({ error: { code: "CANCELLED" } });
    expect(resources.internalErrors).toEqual([]);
  });

  test("an error edge does not take over for a block that was cancelled", async () => {
    const plan = planOf([start(), fn("Slow", "wait"), fn("Mend")], ["Start -> Slow", "Slow error -> Mend"]);
    const controller = new AbortController();
    const events = await play(plan, new TestResources(), { signal: controller.signal }, (event) => {
      if (event.type === "block.started" && event.blockId === "Slow") controller.abort("requested");
    });
    expect(pick(events, "block.failed")).toMatchObject([{ handled: false }]);
    expect(outline(events)).not.toContain("block.started Mend");
  });

  test("what an aborted model call cost is told before the end", async () => {
    const resources = new TestResources();
    resources.model = async function* (_request, signal) {
      yield { type: "text", text: "Hel" };
      await aborted(signal);
      throw new ProviderError({
        provider: "anthropic",
        code: "ABORTED",
        phase: "streaming",
        message: "The call was aborted.",
        retryable: false,
        usage: {
          inputTokens: 5,
          outputTokens: 1,
          reasoningTokens: 0,
          cacheReadTokens: 0,
          cacheWriteTokens: 0,
        },
        costMicros: 42,
      });
    };
    const controller = new AbortController();
    const plan = planOf([start(), agent("A")], ["Start -> A"]);
    const events = await play(plan, resources, { signal: controller.signal }, (event) => {
      if (event.type === "text.chunk") controller.abort("disconnected");
    });
    expect(events.at(-2)).toMatchObject({
      type: "block.failed",
      error: { code: "CANCELLED" },
      costMicros: 42,
      charges: [{ key: "A:1", costMicros: 42, keySource: "platform", inputTokens: 5 }],
    });
    expect(events.at(-1)).toMatchObject({ type: "run.cancelled", reason: "disconnected" });
  });

  test("1,000 runs on one signal leave no listener behind, however they end", async () => {
    const controller = new AbortController();
    const plan = planOf([start(), fn("A")], ["Start -> A"]);
    const resources = new TestResources();
    for (let run = 0; run < 1_000; run += 1) {
      const events = runPlan({ plan, input: {}, signal: controller.signal, deadlineAt: null }, resources);
      for await (const event of events) {
        if (run % 3 === 0 && event.seq === 2) break;
      }
    }
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });

  test("nothing comes after the terminal event", async () => {
    const controller = new AbortController();
    const plan = planOf([start()], []);
    const events = runPlan(
      { plan, input: {}, signal: controller.signal, deadlineAt: null },
      new TestResources(),
    );
    const told = [];
    for await (const event of events) told.push(event);
    controller.abort("requested");
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(told.at(-1)).toMatchObject({ type: "run.completed" });
  });
});

describe("a consumer that leaves early", () => {
  test("by break aborts the blocks in flight and leaves nothing running", async () => {
    const resources = new TestResources();
    const events = runPlan(
      { plan: slow(), input: {}, signal: new AbortController().signal, deadlineAt: null },
      resources,
    );
    for await (const event of events) {
      if (event.type === "block.started" && event.blockId === "Slow") break;
    }
    expect(resources.active).toBe(0);
    expect(resources.jobs).toHaveLength(1);
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  test("while it waits for the next event is let go, and the blocks in flight are aborted", async () => {
    const resources = new TestResources();
    const events = runPlan(
      { plan: slow(), input: {}, signal: new AbortController().signal, deadlineAt: null },
      resources,
    );
    let told = await events.next();
    while (!(told.value?.type === "block.started" && told.value.blockId === "Slow"))
      told = await events.next();
    const waiting = events.next();
    expect(await events.return()).toEqual({ done: true, value: undefined });
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(resources.active).toBe(0);
  });

  test("after an exception of the engine itself has nothing running either", async () => {
    const resources = new TestResources();
    let broken = false;
    resources.now = () => {
      if (broken) throw new Error("no clock");
      return 1;
    };
    const plan = planOf([start(), fn("Slow", "wait"), fn("A", "break")], ["Start -> Slow", "Start -> A"]);
    resources.code["break"] = () => {
      broken = true;
    };
    await expect(play(plan, resources)).rejects.toThrow("no clock");
    expect(resources.active).toBe(0);
  });

  test("closes the stream of a model call", async () => {
    const resources = new TestResources();
    let closed = false;
    resources.model = async function* (_request, signal) {
      try {
        yield* streamOf("Hello");
        await aborted(signal);
      } finally {
        closed = true;
      }
    };
    const plan = planOf([start(), agent("A")], ["Start -> A"]);
    for await (const event of runPlan(
      { plan, input: {}, signal: new AbortController().signal, deadlineAt: null },
      resources,
    )) {
      if (event.type === "text.chunk") break;
    }
    expect(closed).toBe(true);
  });
});
