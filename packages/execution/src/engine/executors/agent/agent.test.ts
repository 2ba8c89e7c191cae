import { describe, expect, test } from "vitest";
import { agent, planOf, start } from "../../testing/plans.ts";
import { providerError } from "../../testing/provider-error.ts";
import { generation, pick, play, TestResources } from "../../testing/resources.ts";

const plan = (...args: Parameters<typeof agent>) => planOf([start(), agent(...args)], ["Start -> A"]);

describe("the agent block", () => {
  test("asks the model what the block says and nothing else", async () => {
    const resources = new TestResources();
    await play(
      plan("A", "Q", {
        system: "S",
        cachePrompt: true,
        temperature: 0.5,
        responseSchema: { type: "object" },
      }),
      resources,
    );
    await play(plan("A", "Q"), resources);
    const asked = {
      model: "model-1",
      messages: [{ role: "user", content: [{ type: "text", text: "Q" }] }],
      tools: [],
      toolChoice: "auto",
      maxTokens: 100,
    };
    expect(resources.prompts).toEqual([
      { ...asked, system: "S", cachePrompt: true, temperature: 0.5, responseSchema: { type: "object" } },
      { ...asked, system: null, cachePrompt: false, temperature: null, responseSchema: null },
    ]);
  });

  test("gives text, json, who answered, stop reason and usage, and one charge that counts cached input", async () => {
    const resources = new TestResources();
    resources.model = async function* () {
      yield { type: "finish", generation: { ...generation("{}"), json: { a: 1 }, stopReason: "max_tokens" } };
    };
    const [, completed] = pick(await play(plan("A"), resources), "block.completed");
    expect(completed).toMatchObject({
      output: {
        text: "{}",
        json: { a: 1 },
        model: "model-1",
        provider: "anthropic",
        stopReason: "max_tokens",
        usage: {
          inputTokens: 17,
          outputTokens: 20,
          reasoningTokens: 5,
          cacheReadTokens: 3,
          cacheWriteTokens: 4,
        },
        rounds: 1,
        toolCalls: [],
      },
      costMicros: 500,
      charges: [
        {
          key: "A:1",
          blockId: "A",
          provider: "anthropic",
          model: "model-1",
          keySource: "platform",
          inputTokens: 17,
          outputTokens: 20,
          costMicros: 500,
        },
      ],
    });
  });

  test("a call of which text was delivered is not repeated, whatever the provider says", async () => {
    const resources = failing({ code: "OVERLOADED", retryable: true });
    const events = await play(plan("A"), resources);
    expect(resources.prompts).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ error: { code: "PROVIDER_FAILED" } });
    expect(pick(events, "block.failed")).toMatchObject([
      { error: { retryable: true }, charges: [], costMicros: 0 },
    ]);
  });

  test("charges a failed call for the tokens that were billed", async () => {
    const usage = { ...generation("").usage, outputTokens: 2 };
    const events = await play(plan("A"), failing({ code: "INVALID_OUTPUT", usage, costMicros: 7 }));
    expect(pick(events, "block.failed")).toMatchObject([
      {
        error: { code: "OUTPUT_INVALID" },
        costMicros: 7,
        charges: [{ key: "A:1", outputTokens: 2, costMicros: 7 }],
      },
    ]);
  });

  test.each([
    [new Error("after the end"), "INTERNAL"],
    [providerError({ usage: generation("x").usage, costMicros: 500 }), "PROVIDER_FAILED"],
  ])("a call is charged once when its stream breaks after it finished: %s", async (error, code) => {
    const resources = new TestResources();
    resources.model = async function* () {
      yield { type: "finish", generation: generation("x") };
      throw error;
    };
    const events = await play(plan("A"), resources);
    expect(pick(events, "block.failed")).toMatchObject([{ error: { code }, costMicros: 500, charges: [{}] }]);
  });

  test("a stream without a finish part is a failure, not an empty success", async () => {
    const resources = new TestResources();
    resources.model = async function* () {
      yield { type: "text", text: "Hel" };
    };
    expect((await play(plan("A"), resources)).at(-1)).toMatchObject({
      type: "run.failed",
      error: { code: "INTERNAL" },
    });
  });

  test("an unpriced model is refused by its own code", async () => {
    const events = await play(plan("A"), failing({ code: "UNPRICED_MODEL" }));
    expect(events.at(-1)).toMatchObject({ error: { code: "MODEL_UNPRICED" } });
  });

  test.each([
    ["missing", "PROVIDER_KEY_MISSING"],
    ["unreadable", "PROVIDER_KEY_UNREADABLE"],
  ] as const)("a key that is %s fails the block; no other key is tried", async (kind, code) => {
    const resources = new TestResources();
    resources.credential = async () => ({ kind });
    expect((await play(plan("A"), resources)).at(-1)).toMatchObject({ error: { code, blockId: "A" } });
    expect(resources.prompts).toEqual([]);
  });
});

function failing(fields: Parameters<typeof providerError>[0]): TestResources {
  const resources = new TestResources();
  resources.model = async function* () {
    yield { type: "text", text: "Hel" };
    throw providerError(fields);
  };
  return resources;
}
