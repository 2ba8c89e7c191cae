import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { agent, fnTool, planOf, start } from "../../testing/plans.ts";
import { type RealModels, realModel, startRealModels } from "../../testing/real-models.ts";
import { pick, play, TestResources } from "../../testing/resources.ts";

// The engine over the real SDKs and a server that speaks their wires over HTTPS.

let models: RealModels;
beforeAll(async () => {
  models = await startRealModels();
});
afterAll(() => models.close());
beforeEach(() => models.server.reset());

const weather = fnTool("weather", "weather", {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
});
const planFor = (prompt: string, fields: Parameters<typeof agent>[2] = {}) =>
  planOf([start(), agent("A", prompt, { tools: [weather], ...fields })], ["Start -> A"]);

function resourcesWith(result: (inputs: Readonly<Record<string, unknown>>) => unknown): TestResources {
  const resources = new TestResources();
  resources.code["weather"] = result;
  return Object.assign(resources, models.resources);
}

describe.each(["anthropic", "openai", "bedrock"] as const)("%s", (provider) => {
  const asked = { provider, model: realModel[provider] };

  test("calls two tools in one round, is told both results, and answers; both rounds are charged", async () => {
    const resources = resourcesWith(() => "[[say It is sunny.]]");
    const plan = planFor("[[tool weather weather]]", asked);
    const events = await play(plan, resources);
    expect(events.at(-1)).toMatchObject({
      type: "run.completed",
      output: {
        A: {
          text: "It is sunny.",
          provider,
          rounds: 2,
          toolCalls: [
            { round: 1, name: "weather", arguments: { city: expect.any(String) }, isError: false },
            { round: 1, name: "weather", isError: false },
          ],
        },
      },
    });
    expect(resources.jobs).toHaveLength(2);
    const { charges } = pick(events, "block.completed")[1] ?? { charges: [] };
    expect(charges.map(({ key }) => key)).toEqual(["A:1", "A:2"]);
    expect(charges.every(({ costMicros }) => costMicros > 0)).toBe(true);
    expect(models.server.stats().requests).toBe(2);
  });

  test("that wants tools for ever is made to answer in the 20th round", async () => {
    const resources = resourcesWith(() => "[[tool weather]]");
    const events = await play(planFor("[[tool weather]]", asked), resources);
    expect(events.at(-1)).toMatchObject({ type: "run.completed", output: { A: { rounds: 20 } } });
    expect(resources.jobs).toHaveLength(19);
    expect(models.server.stats().requests).toBe(20);
  });

  test("is told that its arguments do not fit, and may try again", async () => {
    const resources = resourcesWith(() => "unreached");
    const events = await play(planFor('[[tool weather]] [[say {"town":1}]]', asked), resources);
    expect(resources.jobs).toEqual([]);
    expect(events.at(-1)).toMatchObject({
      output: { A: { rounds: 2, toolCalls: [{ isError: true, result: expect.stringContaining("city") }] } },
    });
  });

  test("is asked again after a rate limit, as late as it says, and charged for nothing", async () => {
    const resources = resourcesWith(() => "unreached");
    const events = await play(planFor("[[error 429 retry-after=3]]", asked), resources);
    expect(resources.pauses).toEqual([3_000, 3_000]);
    expect(models.server.stats().requests).toBe(3);
    expect(pick(events, "block.failed")).toMatchObject([
      { error: { code: "PROVIDER_FAILED", retryable: true }, charges: [] },
    ]);
  });

  test("is not asked again when its answer breaks off after the first token; what came is charged", async () => {
    const fallbacks = [{ provider: "anthropic", model: "another" } as const];
    const events = await play(
      planFor("[[cut]] [[tokens 40]]", { ...asked, fallbacks }),
      resourcesWith(() => null),
    );
    expect(models.server.stats().requests).toBe(1);
    expect(pick(events, "block.failed")).toMatchObject([
      { error: { code: "PROVIDER_FAILED" }, charges: [{ key: "A:1", ...asked }] },
    ]);
    expect(pick(events, "block.failed")[0]?.costMicros).toBeGreaterThan(0);
  });

  test("gives structured output after rounds of tools", async () => {
    const responseSchema = {
      type: "object",
      properties: { ok: { type: "boolean" } },
      required: ["ok"],
      additionalProperties: false,
    };
    const resources = resourcesWith(() => '[[say {"ok":true}]]');
    const events = await play(planFor("[[tool weather]]", { ...asked, responseSchema }), resources);
    expect(events.at(-1)).toMatchObject({
      output: { A: { rounds: 2, json: { ok: true }, toolCalls: [{ name: "weather" }] } },
    });
  });
});

test("another provider answers in the middle of a conversation, with what its predecessor's tools said", async () => {
  const resources = resourcesWith(() => "[[say Sunny.]]");
  let calls = 0;
  const { credential } = models.resources;
  resources.credential = async (provider) => {
    calls += 1;
    const lookup = await credential(provider);
    // The key is revoked after the first call.
    if (calls !== 2 || lookup.kind !== "found" || lookup.credential.provider !== "anthropic") return lookup;
    return { kind: "found", credential: { ...lookup.credential, apiKey: "a-key-revoked" } };
  };
  const fallbacks = [{ provider: "openai", model: realModel.openai } as const];
  const events = await play(
    planFor("[[tool weather]]", { model: realModel.anthropic, fallbacks }),
    resources,
  );
  expect(events.at(-1)).toMatchObject({ output: { A: { text: "Sunny.", provider: "openai", rounds: 2 } } });
  expect(pick(events, "block.completed")[1]?.charges).toMatchObject([
    { key: "A:1", provider: "anthropic" },
    { key: "A:3", provider: "openai" },
  ]);
});
