import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { GenerateRequest, ProviderErrorCode } from "../port.ts";
import { collect, failureOf, model, never, request, startProviders } from "../testing/providers-fixture.ts";

let fixture: Awaited<ReturnType<typeof startProviders>>;
beforeAll(async () => {
  fixture = await startProviders({ firstByteTimeoutMs: 300, betweenBytesTimeoutMs: 300 });
});
afterAll(() => fixture.close());
beforeEach(() => fixture.server.reset());

function generate(prompt: string, more: Partial<GenerateRequest> = {}, signal = never()) {
  return fixture.providers.anthropic.generate(fixture.credential("key"), request(prompt, more), signal);
}

function stream(prompt: string, signal = never(), overrides: Partial<GenerateRequest> = {}) {
  return fixture.providers.anthropic.stream(fixture.credential("key"), request(prompt, overrides), signal);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

describe("an answer", () => {
  test("streams as text and ends with one finish part that holds the whole, its usage and its cost", async () => {
    const { texts, generation } = await collect(stream("Tell me of leases. [[cache read=1000 write=500]]"));
    expect(texts.length).toBeGreaterThan(5);
    expect(generation).toMatchObject({ text: texts.join(""), json: null, model, stopReason: "end" });
    const usage = generation?.usage;
    expect(usage).toMatchObject({ cacheReadTokens: 1_000, cacheWriteTokens: 500 });
    expect(usage?.outputTokens).toBe(texts.length);
    const dollars = (usage?.inputTokens ?? 0) * 1 + texts.length * 5 + 1_000 * 0.1 + 500 * 1.25;
    expect(generation?.costMicros).toBe(Math.ceil(dollars));
  });

  test("is the same whole when it is not streamed to the caller", async () => {
    const { generation } = await collect(stream("Tell me of leases."));
    expect(await generate("Tell me of leases.")).toEqual(generation);
  });

  test("follows system, temperature and the token limit, and says honestly that it was cut", async () => {
    const generation = await generate("[[tokens 100]]", {
      system: "Be brief.",
      temperature: 0.2,
      maxTokens: 10,
    });
    expect(generation.stopReason).toBe("max_tokens");
    expect(generation.usage.outputTokens).toBe(10);
    expect((await generate("hello", { system: "Be brief." })).text).toContain("Be brief.");
  });

  test("a refusal by the model is no failure and no ordinary end", async () => {
    expect((await generate("[[refuse]]")).stopReason).toBe("refusal");
  });

  test("may take far longer than any timeout as long as it moves", async () => {
    const { texts } = await collect(stream("[[pace 15]] [[tokens 60]]"));
    expect(texts.length).toBe(60);
  });
});

describe("structured output", () => {
  const responseSchema = {
    type: "object",
    properties: {
      title: { type: "string", minLength: 5 },
      tags: {
        type: "array",
        items: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
      },
    },
    required: ["title", "tags"],
  };

  test("is asked for natively and comes back parsed, from a schema that leaves its objects open", async () => {
    const generation = await generate("Describe it", { responseSchema });
    expect(generation.json).toEqual(JSON.parse(generation.text));
    expect(generation.json).toMatchObject({ title: "example title", tags: [{}, {}] });
  });

  test.each([
    ["breaks the schema", '[[say {"title":"abc","tags":[]}]]', {}, "title"],
    ["is no JSON", "[[say Here you are]]", {}, "not JSON"],
    ["was cut at the token limit", "hello", { maxTokens: 3 }, "cut off at 3 tokens"],
    ["is a refusal", "[[refuse]] [[say I would rather not]]", {}, "refused"],
  ])(
    "an answer that %s is a failure that still reports what was billed",
    async (_name, prompt, more, detail) => {
      const failure = await failureOf(generate(prompt, { responseSchema, ...more }));
      expect(failure).toMatchObject({ code: "INVALID_OUTPUT", phase: "validating", retryable: false });
      expect(failure.message).toContain(detail);
      expect(failure.usage?.outputTokens).toBeGreaterThan(0);
      expect(failure.costMicros).toBeGreaterThan(0);
    },
  );

  test.each([{ type: "array" }, { type: "object", properties: { x: {} } }, { type: "object", if: {} }])(
    "the unusable schema %j is refused before anything is sent",
    async (responseSchema) => {
      const failure = await failureOf(generate("hi", { responseSchema }));
      expect(failure).toMatchObject({ code: "INVALID_REQUEST", phase: "before_request" });
      expect(fixture.server.stats().requests).toBe(0);
    },
  );
});

describe("prices", () => {
  test("an unpriced model is refused before anything is sent, not free", async () => {
    const failure = await failureOf(generate("hi", { model: "claude-unheard-of" }));
    expect(failure).toMatchObject({ code: "UNPRICED_MODEL", phase: "before_request", retryable: false });
    expect(fixture.server.stats().requests).toBe(0);
  });

  test.each(["workspace", "organization"] as const)(
    "a key of the %s costs nothing, reports usage, and may call a model without a price",
    async (source) => {
      const own = fixture.credential("own", { source });
      const ask = request("hi", { model: "claude-unheard-of" });
      const generation = await fixture.providers.anthropic.generate(own, ask, never());
      expect(generation.costMicros).toBe(0);
      expect(generation.usage.inputTokens).toBeGreaterThan(0);
    },
  );
});

describe("a failure", () => {
  const table: readonly (readonly [string, ProviderErrorCode, boolean, number | null])[] = [
    ["[[error 400]]", "INVALID_REQUEST", false, null],
    ["[[error 401]]", "AUTHENTICATION_FAILED", false, null],
    ["[[error 403]]", "AUTHENTICATION_FAILED", false, null],
    ["[[error 404]]", "MODEL_NOT_FOUND", false, null],
    ["[[error 413]]", "INVALID_REQUEST", false, null],
    ["[[error 429 retry-after=2]]", "RATE_LIMITED", true, 2_000],
    ["[[error 429]]", "RATE_LIMITED", true, null],
    ["[[error 500]]", "SERVER_ERROR", true, null],
    ["[[error 503]]", "SERVER_ERROR", true, null],
    ["[[error 529 retry-after=7]]", "OVERLOADED", true, 7_000],
  ];

  test.each(table)(
    "%s is %s, retryable %s after %s ms, made once and not billed",
    async (prompt, code, retryable, retryAfterMs) => {
      const failure = await failureOf(generate(prompt));
      expect(failure).toMatchObject({
        code,
        retryable,
        retryAfterMs,
        phase: "awaiting_response",
        usage: null,
        costMicros: 0,
      });
      expect(fixture.server.stats().requests).toBe(1);
    },
  );

  test("an unknown model is named by the provider", async () => {
    const own = fixture.credential("own", { source: "workspace" });
    const failure = await failureOf(
      fixture.providers.anthropic.generate(own, request("hi", { model: "gpt-x" }), never()),
    );
    expect(failure.code).toBe("MODEL_NOT_FOUND");
    expect(failure.message).toContain("gpt-x");
  });

  test("neither message nor cause holds the key, even when the provider repeats it", async () => {
    const credential = fixture.credential("tenant-key-1234");
    const failure = await failureOf(
      fixture.providers.anthropic.generate(credential, request("[[error 401 echo-key]]"), never()),
    );
    expect(failure.message).toContain("Your key is [key]");
    const everything = [failure.message, String(failure.cause), JSON.stringify(failure), failure.stack].join(
      "\n",
    );
    expect(everything).not.toContain("tenant-key-1234");
  });

  test("no connection is retryable and says why", async () => {
    const gone = await startProviders();
    await gone.close();
    const credential = fixture.credential("key", { baseUrl: gone.server.url });
    const failure = await failureOf(fixture.providers.anthropic.generate(credential, request("hi"), never()));
    expect(failure).toMatchObject({ code: "CONNECTION_FAILED", retryable: true, usage: null });
    expect(String(failure.cause)).toContain("ECONNREFUSED");
  });

  test("a certificate that nobody vouches for is no connection", async () => {
    const stranger = await startProviders();
    const credential = fixture.credential("key", { baseUrl: stranger.server.url });
    const failure = await failureOf(fixture.providers.anthropic.generate(credential, request("hi"), never()));
    expect(failure.code).toBe("CONNECTION_FAILED");
    expect(stranger.server.stats().requests).toBe(0);
    await stranger.close();
  });

  test("a redirect is not followed, so a key goes nowhere else", async () => {
    const redirecting = createServer((_incoming, response) => {
      response.writeHead(307, { location: `${fixture.server.url}/v1/messages` }).end();
    });
    await new Promise<void>((resolve) => redirecting.listen(0, "127.0.0.1", resolve));
    const address = redirecting.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const credential = fixture.credential("key", { baseUrl: `http://127.0.0.1:${address.port}` });
    const failure = await failureOf(fixture.providers.anthropic.generate(credential, request("hi"), never()));
    expect(failure.code).toBe("CONNECTION_FAILED");
    expect(fixture.server.stats().requests).toBe(0);
    redirecting.closeAllConnections();
    redirecting.close();
  });
});

describe("an answer that breaks off", () => {
  test("silence instead of an answer times out, with nothing known to be billed", async () => {
    const failure = await failureOf(generate("[[hang]]"));
    expect(failure).toMatchObject({
      code: "TIMED_OUT",
      phase: "awaiting_response",
      retryable: false,
      usage: null,
    });
    await expect.poll(() => fixture.server.stats().requestsInFlight).toBe(0);
  });

  test("silence after the headers times out, and the prompt is billed", async () => {
    const failure = await failureOf(generate("[[stall]]"));
    expect(failure).toMatchObject({ code: "TIMED_OUT", phase: "streaming", retryable: false });
    expect(failure.usage?.inputTokens).toBeGreaterThan(0);
    await expect.poll(() => fixture.server.stats().requestsInFlight).toBe(0);
  });

  test.each(["[[cut]]", "[[truncate]]"])(
    "%s in the middle is a failure, never an empty or shortened success",
    async (fault) => {
      const parts: string[] = [];
      const read = async () => {
        for await (const part of stream(`${fault} [[tokens 80]]`)) parts.push(part.type);
      };
      const failure = await failureOf(read());
      expect(failure).toMatchObject({ code: "INCOMPLETE_STREAM", phase: "streaming", retryable: false });
      expect(parts).not.toContain("finish");
      expect(failure.usage?.outputTokens).toBeGreaterThan(20);
      expect(failure.costMicros).toBeGreaterThan(0);
    },
  );

  test("an error event in the middle has its own code, and is not retryable once text has come", async () => {
    const failure = await failureOf(generate("[[error-event overloaded_error]] [[tokens 80]]"));
    expect(failure).toMatchObject({ code: "OVERLOADED", phase: "streaming", retryable: false });
    const early = await failureOf(generate("[[error-event overloaded_error]] [[say x]]"));
    expect(early).toMatchObject({ code: "OVERLOADED", phase: "streaming", retryable: true });
  });
});

describe("a cancelled call", () => {
  test("that has not begun sends nothing", async () => {
    const failure = await failureOf(generate("hi", {}, AbortSignal.abort()));
    expect(failure).toMatchObject({
      code: "ABORTED",
      phase: "before_request",
      retryable: false,
      usage: null,
    });
    expect(fixture.server.stats().requests).toBe(0);
  });

  test("that waits for its answer drops the connection", async () => {
    const abort = new AbortController();
    const call = failureOf(generate("[[hang]]", {}, abort.signal));
    await expect.poll(() => fixture.server.stats().requestsInFlight).toBe(1);
    abort.abort();
    expect(await call).toMatchObject({ code: "ABORTED", phase: "awaiting_response" });
    await expect.poll(() => fixture.server.stats().requestsInFlight).toBe(0);
  });

  test("in the middle of an answer is billed for what has arrived", async () => {
    const abort = new AbortController();
    let texts = 0;
    const read = async () => {
      for await (const _part of stream("[[pace 2]] [[tokens 900]]", abort.signal)) {
        texts += 1;
        if (texts === 40) abort.abort();
      }
    };
    const failure = await failureOf(read());
    expect(failure).toMatchObject({ code: "ABORTED", phase: "streaming" });
    expect(failure.usage?.outputTokens).toBeGreaterThan(20);
    expect(failure.costMicros).toBeGreaterThan(0);
    await expect.poll(() => fixture.server.stats().requestsInFlight).toBe(0);
  });

  test("in the middle of an answer is never billed for more tokens than were asked for", async () => {
    const abort = new AbortController();
    let texts = 0;
    const read = async () => {
      for await (const _part of stream("[[pace 2]] [[tokens 900]]", abort.signal, { maxTokens: 45 })) {
        texts += 1;
        if (texts === 40) abort.abort();
      }
    };
    expect((await failureOf(read())).usage?.outputTokens).toBeLessThanOrEqual(45);
  });

  test("whose reader walks away ends at the provider too", async () => {
    for await (const part of stream("[[pace 5]] [[tokens 900]]")) {
      if (part.type === "text") break;
    }
    await expect.poll(() => fixture.server.stats().requestsInFlight).toBe(0);
    expect(fixture.providers.inspect().clients.every((client) => client.callsInFlight === 0)).toBe(true);
  });
});

describe("tenants", () => {
  test("a rotated key is used by the very next call", async () => {
    for (const key of ["old-key", "new-key"]) {
      await fixture.providers.anthropic.generate(fixture.credential(key), request("hi"), never());
    }
    expect(fixture.server.stats().requestKeys).toEqual([sha256("old-key"), sha256("new-key")]);
  });

  test("200 interleaved calls of two tenants never send each other's key", async () => {
    // A foreign key would not be taken out of the message, for only the caller's own is known.
    const call = async (key: string) => {
      const ask = request("[[error 400 echo-key]]");
      const failure = await failureOf(
        fixture.providers.anthropic.generate(fixture.credential(key), ask, never()),
      );
      return failure.message.endsWith("Your key is [key].");
    };
    const calls = Array.from({ length: 200 }, (_, index) =>
      call(index % 2 === 0 ? "tenant-one" : "tenant-two"),
    );
    expect((await Promise.all(calls)).every(Boolean)).toBe(true);
    const keys = fixture.server.stats().requestKeys;
    expect(keys.filter((key) => key === sha256("tenant-one")).length).toBe(100);
  });

  test("calls in flight and last use are shown, keys are not", async () => {
    const abort = new AbortController();
    const credential = fixture.credential("shown-key");
    const call = failureOf(
      fixture.providers.anthropic.generate(credential, request("[[hang]]"), abort.signal),
    );
    await expect.poll(() => fixture.server.stats().requestsInFlight).toBe(1);
    const inspection = fixture.providers.inspect();
    expect(inspection.clients.filter((client) => client.callsInFlight === 1).length).toBe(1);
    expect(inspection.connections.some((origin) => origin.open > 0)).toBe(true);
    expect(JSON.stringify(inspection)).not.toContain("shown-key");
    abort.abort();
    await call;
  });
});
