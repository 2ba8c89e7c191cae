import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { KeySource, ProviderCredential } from "../port.ts";
import { createPriceTable } from "../prices/price-table.ts";
import { failureOf, never, request, startProviders } from "../testing/providers-fixture.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

const model = "some-model";
const rates = { input: 3_000_000, output: 3_000_000, cacheRead: 0, cacheWrite: 0 };

let server: Awaited<ReturnType<typeof startScriptedServer>>;
let fixture: Awaited<ReturnType<typeof startProviders>>;
beforeAll(async () => {
  server = await startScriptedServer();
  fixture = await startProviders({ prices: createPriceTable({ openai: { [model]: rates } }) });
});
afterAll(async () => {
  await fixture.close();
  server.close();
});
afterEach(() => {
  vi.restoreAllMocks();
  server.reset();
});

function ask(provider: "openai" | "vllm" | "groq" | "cerebras", source: KeySource, prompt = "hi") {
  const credential: ProviderCredential = { provider, source, apiKey: "the-key", baseUrl: server.url };
  return fixture.providers[provider].generate(credential, request(prompt, { model }), never());
}

describe("an answer of a compatible server", () => {
  test("that never counts tokens is whole; its tokens are estimated upwards, and billed", async () => {
    const { text, usage, costMicros } = await ask("openai", "platform", "How is it today?");
    expect(text).toBe("hello world!");
    // A token for three bytes.
    expect(usage).toMatchObject({ inputTokens: 6, outputTokens: 4, reasoningTokens: 0 });
    expect(costMicros).toBe(30);
  });

  test("that is one endless event is given up", async () => {
    server.stream("data: ", ...Array.from({ length: 100 }, () => "x".repeat(64_000)));
    const failure = await failureOf(ask("openai", "workspace"));
    expect(failure).toMatchObject({ code: "RESPONSE_TOO_LARGE", retryable: false });
  });

  test.each(["openai", "vllm", "groq", "cerebras"] as const)(
    "that is no chat completion is a failure of the server at %s, and printed nowhere",
    async (provider) => {
      const printed: unknown[] = [];
      for (const level of ["debug", "error", "info", "log", "warn"] as const) {
        vi.spyOn(console, level).mockImplementation((...words) => printed.push(words));
      }
      for (const garbage of [
        "data: <html>\n\n",
        "event: thread.x\ndata: <html>\n\n",
        'data: {"choices":7}\n\n',
      ]) {
        server.stream(garbage);
        const failure = await failureOf(ask(provider, "workspace"));
        expect(failure).toMatchObject({ code: "SERVER_ERROR", retryable: true });
        expect(failure.message).not.toContain("html");
      }
      expect(printed).toEqual([]);
    },
  );

  test("that is empty is no success", async () => {
    server.stream();
    const failure = await failureOf(ask("openai", "platform"));
    expect(failure).toMatchObject({ code: "INCOMPLETE_STREAM", usage: null });
  });
});
