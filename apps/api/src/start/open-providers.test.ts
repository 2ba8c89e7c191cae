import { createGuard } from "@gantry/egress";
import { createPriceTable, type ProviderId, providerIds } from "@gantry/providers";
import { afterEach, expect, test } from "vitest";
import { openProviders } from "./open-providers.ts";
import { Teardown } from "./teardown.ts";

const endpoints = createGuard({ policy: { allow: [], requireHttps: true } });
let teardown = new Teardown();
afterEach(async () => {
  await teardown.run();
  teardown = new Teardown();
});

/** The local server knows of each provider the names of its models only. */
const modelOf: { readonly [Id in ProviderId]?: string } = {
  bedrock: "anthropic.claude-haiku-4-5-20251001-v1:0",
  google: "gemini-2.5-flash",
};
const free = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

test("with no key at all the local model server answers in the place of every provider, over its own certificate", async () => {
  const model = (id: ProviderId) => modelOf[id] ?? "claude-haiku-4-5";
  const prices = createPriceTable(Object.fromEntries(providerIds.map((id) => [id, { [model(id)]: free }])));
  const opened = await openProviders({ platformKeys: null, prices, endpoints }, teardown);
  expect(opened.models).toBe("local");
  for (const id of providerIds) {
    const credential = opened.platformKeys[id];
    if (credential === undefined) throw new Error(id);
    const request = {
      model: model(id),
      system: null,
      messages: [{ role: "user" as const, content: [{ type: "text" as const, text: "hello" }] }],
      tools: [],
      toolChoice: "auto" as const,
      cachePrompt: false,
      temperature: null,
      maxTokens: 8,
      responseSchema: null,
    };
    const { text } = await opened.providers[id].generate(credential, request, new AbortController().signal);
    expect({ id, text }).toEqual({ id, text: expect.stringMatching(/\S/) });
  }
  const { connections } = opened.providers.inspect();
  expect(connections.map(({ origin }) => new URL(origin).hostname)).toEqual(["127.0.0.1"]);
});

test("with a key for one provider there is one for no other, and no local server stands in", async () => {
  const platformKeys = { groq: { provider: "groq", apiKey: "gsk-1", source: "platform" } } as const;
  const opened = await openProviders({ platformKeys, prices: createPriceTable(), endpoints }, teardown);
  expect(opened).toMatchObject({ models: "platform" });
  expect(Object.keys(opened.platformKeys)).toEqual(["groq"]);
});
