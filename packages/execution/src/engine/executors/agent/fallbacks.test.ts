import type { ProviderErrorCode } from "@gantry/providers";
import { describe, expect, test } from "vitest";
import { agent, fnTool, planOf, start } from "../../testing/plans.ts";
import { providerError } from "../../testing/provider-error.ts";
import {
  callOf,
  generation,
  pick,
  platformKey,
  play,
  roundsBefore,
  streamOf,
  TestResources,
} from "../../testing/resources.ts";

const fallbacks = [
  { provider: "openai", model: "gpt" },
  { provider: "google", model: "gemini" },
] as const;
const withFallbacks = (fields: Parameters<typeof agent>[2] = {}) =>
  planOf([start(), agent("A", "Q", { fallbacks: [...fallbacks], ...fields })], ["Start -> A"]);

/** The block's own model fails so, every time; the others answer with their name. */
function firstFails(fields: Parameters<typeof providerError>[0], text?: string): TestResources {
  const resources = new TestResources();
  resources.model = async function* (request, _signal, provider) {
    if (provider !== "anthropic") {
      yield { type: "finish", generation: { ...generation(provider), model: request.model } };
      return;
    }
    if (text !== undefined) yield { type: "text", text };
    throw providerError(fields);
  };
  return resources;
}

describe("the next model is asked", () => {
  test.each([
    "RATE_LIMITED",
    "OVERLOADED",
    "SERVER_ERROR",
    "CONNECTION_FAILED",
    "INCOMPLETE_STREAM",
    "TIMED_OUT",
    "AUTHENTICATION_FAILED",
    "MODEL_NOT_FOUND",
    "UNPRICED_MODEL",
  ] satisfies ProviderErrorCode[])("after %s, and the output says who answered", async (code) => {
    const events = await play(withFallbacks(), firstFails({ code }));
    expect(events.at(-1)).toMatchObject({
      type: "run.completed",
      output: { A: { text: "openai", provider: "openai", model: "gpt" } },
    });
    expect(pick(events, "block.completed")[1]?.charges).toMatchObject([
      { key: "A:2", provider: "openai", model: "gpt" },
    ]);
  });

  test("when the attempts of the one before are used up", async () => {
    const resources = firstFails({ code: "OVERLOADED", retryable: true });
    await play(withFallbacks(), resources);
    expect(resources.asked).toEqual(["anthropic", "anthropic", "anthropic", "openai"]);
  });

  test("at once, when there is no time left to wait for the one before", async () => {
    const resources = firstFails({ code: "RATE_LIMITED", retryable: true, retryAfterMs: 60_000 });
    const events = await play(withFallbacks(), resources, { deadlineAt: resources.time + 1_000 });
    expect(resources.asked).toEqual(["anthropic", "openai"]);
    expect(events.at(-1)).toMatchObject({ type: "run.completed" });
  });

  test("where the workspace has no key for the one before", async () => {
    const resources = new TestResources();
    resources.credential = async (provider) =>
      provider === "anthropic" ? { kind: "missing" } : platformKey(provider);
    await play(withFallbacks(), resources);
    expect(resources.asked).toEqual(["openai"]);
  });

  test("for the rest of the block, with all that was said before", async () => {
    const resources = new TestResources();
    resources.model = (request, _signal, provider) => {
      if (roundsBefore(request) === 0) return callOf(["echo", { a: 1 }]);
      if (provider === "anthropic") throw providerError({ code: "OVERLOADED" });
      return roundsBefore(request) === 1 ? callOf(["echo", { a: 2 }]) : streamOf("Done");
    };
    const events = await play(withFallbacks({ tools: [fnTool("echo")] }), resources);
    expect(resources.asked).toEqual(["anthropic", "anthropic", "openai", "openai"]);
    expect(resources.prompts[2]?.messages).toEqual(resources.prompts[1]?.messages);
    expect(events.at(-1)).toMatchObject({ output: { A: { provider: "openai", rounds: 3 } } });
  });
});

describe("no other model is asked", () => {
  test.each([
    "INVALID_REQUEST",
    "INVALID_OUTPUT",
    "RESPONSE_TOO_LARGE",
    "ENDPOINT_NOT_ALLOWED",
  ] satisfies ProviderErrorCode[])("after %s", async (code) => {
    const resources = firstFails({ code });
    expect((await play(withFallbacks(), resources)).at(-1)).toMatchObject({ type: "run.failed" });
    expect(resources.asked).toEqual(["anthropic"]);
  });

  test("once text of the answer was delivered", async () => {
    const resources = firstFails({ code: "OVERLOADED", retryable: true }, "Hel");
    expect((await play(withFallbacks(), resources)).at(-1)).toMatchObject({ type: "run.failed" });
    expect(resources.asked).toEqual(["anthropic"]);
  });

  test("once the platform's key has paid: one call is charged, not two", async () => {
    const resources = firstFails({ code: "TIMED_OUT", usage: generation("").usage, costMicros: 9 });
    const events = await play(withFallbacks(), resources);
    expect(resources.asked).toEqual(["anthropic"]);
    expect(pick(events, "block.failed")).toMatchObject([{ costMicros: 9, charges: [{ key: "A:1" }] }]);
  });

  test("in place of a key that cannot be read, or of money that is not there", async () => {
    const unreadable = new TestResources();
    unreadable.credential = async () => ({ kind: "unreadable" });
    expect((await play(withFallbacks(), unreadable)).at(-1)).toMatchObject({
      error: { code: "PROVIDER_KEY_UNREADABLE" },
    });
    const poor = new TestResources();
    poor.reserve = () => ({ code: "PAYER_HEADROOM", message: "No money.", retryable: true });
    expect((await play(withFallbacks(), poor)).at(-1)).toMatchObject({ error: { code: "PAYER_HEADROOM" } });
    expect(poor.reserved).toHaveLength(1);
  });
});

test("when none answers, the error is the last one's and names all that were tried", async () => {
  const resources = new TestResources();
  resources.model = (_request, _signal, provider) => {
    throw providerError({ code: "OVERLOADED", message: `${provider} is overloaded.` });
  };
  const [failed] = pick(await play(withFallbacks(), resources), "block.failed");
  expect(failed?.error).toMatchObject({ code: "PROVIDER_FAILED" });
  expect(failed?.error.message).toBe(
    "No model answered. anthropic model-1: anthropic is overloaded. openai gpt: openai is overloaded. google gemini: google is overloaded.",
  );
});
