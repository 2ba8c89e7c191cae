import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { GenerateRequest, ProviderErrorCode } from "../port.ts";
import { failureOf, never, request, startProviders } from "../testing/providers-fixture.ts";

// What every provider does alike is in the contract suite; this is what is special about the Messages API.

let fixture: Awaited<ReturnType<typeof startProviders>>;
let seen: unknown[] = [];
beforeAll(async () => {
  fixture = await startProviders({
    betweenBytesTimeoutMs: 300,
    server: { onRequest: (asked) => seen.push(asked) },
  });
});
afterAll(() => fixture.close());
beforeEach(() => {
  fixture.server.reset();
  seen = [];
});

function generate(prompt: string, more: Partial<GenerateRequest> = {}) {
  return fixture.providers.anthropic.generate(fixture.credential("key"), request(prompt, more), never());
}

describe("Anthropic", () => {
  const table: readonly (readonly [string, ProviderErrorCode, boolean, number | null])[] = [
    ["[[error 413]]", "INVALID_REQUEST", false, null],
    ["[[error 400 type=billing_error]]", "AUTHENTICATION_FAILED", false, null],
    ["[[error 503]]", "SERVER_ERROR", true, null],
    ["[[error 529 retry-after=7]]", "OVERLOADED", true, 7_000],
    ["[[error 500 type=a_new_error]]", "SERVER_ERROR", true, null],
  ];

  test.each(table)("%s is %s, retryable %s after %s ms", async (prompt, code, retryable, retryAfterMs) => {
    expect(await failureOf(generate(prompt))).toMatchObject({ code, retryable, retryAfterMs });
  });

  test("tells an unknown model by its name", async () => {
    const own = fixture.credential("own", { source: "workspace" });
    const ask = request("hi", { model: "gpt-x" });
    const failure = await failureOf(fixture.providers.anthropic.generate(own, ask, never()));
    expect(failure.code).toBe("MODEL_NOT_FOUND");
    expect(failure.message).toContain("gpt-x");
  });

  test.each([
    ["overloaded_error", "OVERLOADED"],
    ["rate_limit_error", "RATE_LIMITED"],
    ["api_error", "SERVER_ERROR"],
  ])("%s in the middle of a stream is %s", async (type, code) => {
    const early = await failureOf(generate(`[[error-event ${type}]] [[say x]]`));
    expect(early).toMatchObject({ code, phase: "streaming", retryable: true });
    const late = await failureOf(generate(`[[error-event ${type}]] [[tokens 80]]`));
    expect(late).toMatchObject({ code, phase: "streaming", retryable: false });
  });

  test("counts the prompt in its first event, so that one whose answer never comes is billed", async () => {
    const failure = await failureOf(generate("[[stall]]"));
    expect(failure).toMatchObject({ code: "TIMED_OUT", usage: { inputTokens: expect.any(Number) } });
    expect(failure.usage?.inputTokens).toBeGreaterThan(0);
    expect(failure.costMicros).toBeGreaterThan(0);
  });

  test("a property without a type cannot be asked for, and nothing is sent", async () => {
    const responseSchema = { type: "object", properties: { x: {} } };
    const failure = await failureOf(generate("hi", { responseSchema }));
    expect(failure).toMatchObject({ code: "INVALID_REQUEST", phase: "before_request" });
    expect(fixture.server.stats().requests).toBe(0);
  });

  test("beta features are sent with every call, and a key with others has another client", async () => {
    for (const betas of [["one", "two"], []]) {
      const credential = fixture.credential("key", { betas });
      await fixture.providers.anthropic.generate(credential, request("hi"), never());
    }
    expect(seen).toMatchObject([{ headers: { "anthropic-beta": "one,two" } }, { headers: {} }]);
    expect(JSON.stringify(seen[1])).not.toContain("anthropic-beta");
  });
});
