import { ProviderError, providerIds } from "@gantry/providers";
import { describe, expect, test } from "vitest";
import { platformKey, streamOf, TestResources } from "../engine/testing/resources.ts";
import { afterConfirmation } from "./durable-effects.ts";

const request = {
  model: "m",
  system: null,
  messages: [{ role: "user", content: [{ type: "text", text: "Q" }] }],
  tools: [],
  toolChoice: "auto",
  cachePrompt: false,
  temperature: null,
  maxTokens: 10,
  responseSchema: null,
} as const;
const { signal } = new AbortController();

async function keyOf(provider: (typeof providerIds)[number]) {
  const lookup = await platformKey(provider);
  if (lookup.kind !== "found") throw new Error("The tests have a key for every provider");
  return lookup.credential;
}

describe("nothing leaves the process before the run's claim is confirmed", () => {
  test.each(providerIds)(
    "%s is called once it is, and not at all when the claim does not stand",
    async (provider) => {
      const resources = new TestResources();
      let isConfirmed = false;
      let asked = 0;
      const effects = afterConfirmation(resources, async () => {
        asked += 1;
        return isConfirmed;
      });
      const read = async () => {
        const texts = [];
        for await (const part of effects.providers[provider].stream(await keyOf(provider), request, signal))
          texts.push(part.type);
        return texts;
      };
      const refused = await read().catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(ProviderError);
      expect(refused).toMatchObject({ provider, code: "ABORTED", phase: "before_request", retryable: false });
      expect(resources.asked).toEqual([]);
      isConfirmed = true;
      resources.model = () => streamOf("Hello");
      expect(await read()).toEqual(["text", "finish"]);
      expect(resources.asked).toEqual([provider]);
      expect(asked).toBe(2);
    },
  );

  test("an MCP server is reached once it is, and not at all when the claim does not stand", async () => {
    const resources = new TestResources();
    let isConfirmed = false;
    const { mcp } = afterConfirmation(resources, async () => isConfirmed);
    const server = { kind: "operator", name: "files" } as const;
    expect(await mcp.open(server, signal)).toMatchObject({ ok: false, failure: "ABORTED" });
    expect(resources.opened).toEqual([]);
    isConfirmed = true;
    await mcp.open(server, signal);
    expect(resources.opened).toEqual([server]);
  });
});
