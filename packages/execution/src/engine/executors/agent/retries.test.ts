import { describe, expect, test } from "vitest";
import { agent, planOf, start } from "../../testing/plans.ts";
import { providerError } from "../../testing/provider-error.ts";
import {
  generation,
  outline,
  pick,
  platformKey,
  play,
  streamOf,
  TestResources,
} from "../../testing/resources.ts";

const plan = planOf([start(), agent("A")], ["Start -> A"]);

type Failure = Parameters<typeof providerError>[0];

/** Each call fails as the next of these says; when there is none left, it answers. */
function failing(...failures: readonly Failure[]): TestResources {
  const resources = new TestResources();
  const left = [...failures];
  resources.model = async function* () {
    const failure = left.shift();
    if (failure !== undefined) throw providerError(failure);
    yield* streamOf("Hello");
  };
  return resources;
}

const overloaded = { code: "OVERLOADED", retryable: true } as const;

describe("a call that may be repeated", () => {
  test("is made again, and waits as long as the provider asks", async () => {
    const resources = failing(
      { code: "RATE_LIMITED", retryable: true, retryAfterMs: 7_000 },
      { code: "RATE_LIMITED", retryable: true, retryAfterMs: 0 },
    );
    expect((await play(plan, resources)).at(-1)).toMatchObject({ output: { A: { text: "Hello" } } });
    expect(resources.pauses).toEqual([7_000, 0]);
    expect(resources.prompts).toHaveLength(3);
  });

  test("waits longer each time where the provider does not say, and never as long as others do", async () => {
    const resources = failing(overloaded, overloaded);
    const chances = [0, 0.999];
    resources.random = () => chances.shift() ?? 0;
    await play(plan, resources);
    expect(resources.pauses).toEqual([125, 750]);
  });

  test("is made three times at most", async () => {
    const resources = failing(overloaded, overloaded, overloaded, overloaded);
    const events = await play(plan, resources);
    expect(resources.prompts).toHaveLength(3);
    expect(pick(events, "block.failed")).toMatchObject([
      { error: { code: "PROVIDER_FAILED", retryable: true }, charges: [] },
    ]);
  });

  test("asks for its key anew each time, so that the next of several keys gets its turn", async () => {
    const resources = failing(overloaded, overloaded);
    const asked: string[] = [];
    resources.credential = async (provider) => {
      asked.push(provider);
      return platformKey(provider);
    };
    await play(plan, resources);
    expect(asked).toEqual(["anthropic", "anthropic", "anthropic"]);
  });

  test("sets money aside each time, and gives back what a failed one did not use", async () => {
    const resources = failing(overloaded);
    await play(plan, resources);
    expect(resources.reserved).toEqual([1_000, 1_000]);
    expect(resources.ended).toMatchObject([null, { key: "A:2", costMicros: 500 }]);
  });

  test("is given up at once when the wait would pass the run's deadline", async () => {
    const resources = failing({ ...overloaded, retryAfterMs: 60_000 });
    const events = await play(plan, resources, { deadlineAt: resources.time + 60_000 });
    expect(resources.pauses).toEqual([]);
    expect(pick(events, "block.failed")).toMatchObject([{ error: { code: "PROVIDER_FAILED" } }]);
  });

  test("is made again when the wait ends before the deadline", async () => {
    const resources = failing({ ...overloaded, retryAfterMs: 50_000 });
    const events = await play(plan, resources, { deadlineAt: resources.time + 60_000 });
    expect(events.at(-1)).toMatchObject({ type: "run.completed" });
  });

  test("is not made again once the run is cancelled, also while it waits", async () => {
    const resources = failing(overloaded);
    const controller = new AbortController();
    resources.pause = (_ms, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
        controller.abort("requested");
      });
    const events = await play(plan, resources, { signal: controller.signal });
    expect(resources.prompts).toHaveLength(1);
    expect(outline(events).slice(-2)).toEqual(["block.failed A", "run.cancelled"]);
    expect(events.at(-2)).toMatchObject({ error: { code: "CANCELLED" } });
    expect(resources.internalErrors).toEqual([]);
  });
});

describe("a call that is not repeated", () => {
  test.each([
    ["that the provider does not allow to", { code: "INVALID_REQUEST", retryable: false }],
    ["that timed out: it may have been billed", { code: "TIMED_OUT", retryable: false }],
    [
      "that the platform's key paid for, which is charged",
      { ...overloaded, usage: generation("").usage, costMicros: 9 },
    ],
  ] as const)("is one %s", async (_which, failure) => {
    const resources = failing(failure);
    const events = await play(plan, resources);
    expect(resources.prompts).toHaveLength(1);
    expect(events.at(-2)).toMatchObject({
      type: "block.failed",
      costMicros: "costMicros" in failure ? 9 : 0,
    });
  });
});

test("a failed call that an own key paid for is an entry of its own, before the next is made", async () => {
  const usage = { ...generation("").usage, outputTokens: 1 };
  const resources = failing({ ...overloaded, usage, costMicros: 0 });
  const [, completed] = pick(await play(plan, resources), "block.completed");
  expect(completed?.charges).toMatchObject([
    { key: "A:1", outputTokens: 1, costMicros: 0 },
    { key: "A:2", outputTokens: 20, costMicros: 500 },
  ]);
  expect(completed?.output).toMatchObject({ usage: { outputTokens: 21 } });
  expect(resources.ended).toMatchObject([{ key: "A:1" }, { key: "A:2" }]);
});
