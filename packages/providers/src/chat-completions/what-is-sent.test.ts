import { getEventListeners } from "node:events";
import { MockAgent } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createProviders } from "../create-providers.ts";
import type { ProviderCredential } from "../port.ts";
import { failureOf, fingerprintKey, never, request, startProviders } from "../testing/providers-fixture.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

const providerIds = ["openai", "vllm", "groq", "cerebras"] as const;
type ChatProvider = (typeof providerIds)[number];

let server: Awaited<ReturnType<typeof startScriptedServer>>;
let fixture: Awaited<ReturnType<typeof startProviders>>;
beforeAll(async () => {
  server = await startScriptedServer();
  fixture = await startProviders();
});
afterAll(async () => {
  await fixture.close();
  server.close();
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.reset();
});

function credential(provider: ChatProvider): ProviderCredential {
  return { provider, source: "workspace", apiKey: "the-key", baseUrl: server.url };
}

async function sent(given: ProviderCredential, model = "some-model") {
  await fixture.providers[given.provider].generate(given, request("hi", { model }), never());
  const [post] = server.seen;
  if (post === undefined) throw new Error("nothing was sent");
  return post;
}

describe("a request's headers", () => {
  test("hold no key for a vLLM server that asks for none, whatever keys the environment holds", async () => {
    vi.stubEnv("OPENAI_API_KEY", "of-the-operator");
    vi.stubEnv("OPENAI_ADMIN_KEY", "of-the-operator");
    const { headers } = await sent({
      provider: "vllm",
      source: "workspace",
      apiKey: null,
      baseUrl: server.url,
    });
    expect(headers).not.toHaveProperty("authorization");
    expect(JSON.stringify(headers)).not.toContain("of-the-operator");
  });

  test.each([
    ["OPENAI", "openai"],
    ["OPENAI", "vllm"],
    ["GROQ", "groq"],
    ["CEREBRAS", "cerebras"],
  ] as const)(
    "hold nothing of %s_CUSTOM_HEADERS for %s, in place of the key neither",
    async (sdk, provider) => {
      vi.stubEnv(`${sdk}_CUSTOM_HEADERS`, "x-inside: of-the-operator\nAuthorization: Bearer of-the-operator");
      const { headers } = await sent(credential(provider));
      expect(headers.authorization).toBe("Bearer the-key");
      expect(JSON.stringify(headers)).not.toContain("of-the-operator");
    },
  );

  test.each(providerIds)("tell nothing of this machine: %s", async (provider) => {
    const { headers } = await sent(credential(provider));
    expect(Object.keys(headers).filter((name) => name.startsWith("x-"))).toEqual([]);
    expect(headers["user-agent"]).toBe("gantry");
  });
});

describe("a request's address", () => {
  test.each([
    ["openai", "https://api.openai.com", "/v1/responses"],
    ["groq", "https://api.groq.com", "/openai/v1/chat/completions"],
    ["cerebras", "https://api.cerebras.ai", "/v1/chat/completions"],
  ] as const)(
    "is %s's own where none is named, whatever the environment names",
    async (provider, origin, path) => {
      vi.stubEnv(`${provider.toUpperCase()}_BASE_URL`, server.url);
      const dispatcher = new MockAgent();
      dispatcher.disableNetConnect();
      dispatcher.get(origin).intercept({ path, method: "POST" }).reply(418, { message: "found" });
      const providers = createProviders({
        pool: { ...fixture.pool, dispatcher },
        openUserTransport() {
          throw new Error("no user named an address");
        },
        fingerprintKey,
        clients: { entriesMax: 10, idleMaxMs: 1_000 },
        now: Date.now,
      });
      const given = { provider, source: "workspace", apiKey: "the-key" } as const;
      // Whatever goes elsewhere is no connection.
      const failure = await failureOf(providers[provider].generate(given, request("hi"), never()));
      expect(failure).toMatchObject({ code: "INVALID_REQUEST" });
      expect(failure.message).toContain("found");
      providers.close();
    },
  );
});

describe("a request's body", () => {
  test.each([
    ["gpt-5.6-terra", "max_completion_tokens"],
    ["o3", "max_completion_tokens"],
    ["gpt-6-astra", "max_completion_tokens"],
    ["openai/gpt-5", "max_completion_tokens"],
    ["gpt-4.1", "max_tokens"],
    ["qwen3-o3", "max_tokens"],
    ["openai/gpt-oss-120b", "max_tokens"],
  ])("limits the tokens of %s as %s at a compatible server", async (model, name) => {
    const { body } = await sent(credential("openai"), model);
    expect(body.match(/"max_\w+":\d+/g)).toEqual([`"${name}":1000`]);
  });
});

test.each(providerIds)("%s: a signal that many calls share is left without listeners", async (provider) => {
  const { signal } = new AbortController();
  for (let calls = 0; calls < 12; calls += 1) {
    await fixture.providers[provider].generate(credential(provider), request("hi"), signal);
  }
  expect(getEventListeners(signal, "abort")).toEqual([]);
});
