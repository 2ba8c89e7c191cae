import { describe, expect, test } from "vitest";
import { causeCode } from "./failures.ts";
import { openaiAdapter } from "./openai/openai-adapter.ts";
import { never, request } from "./testing/providers-fixture.ts";

async function errorOf(code: string): Promise<unknown> {
  const socket = Object.assign(new Error("Connect Timeout Error"), { code });
  const client = openaiAdapter.createClient(
    { provider: "openai", source: "platform", apiKey: "the-key" },
    { fetch: () => Promise.reject(new TypeError("fetch failed", { cause: socket })) },
  );
  try {
    for await (const _event of client.stream(request("hi"), never()));
  } catch (error) {
    return error;
  }
  throw new Error("expected the call to fail");
}

describe("a request without a response", () => {
  test("keeps what happened to its socket, so that a connection never made is no answer that came too late", async () => {
    const error = await errorOf("UND_ERR_CONNECT_TIMEOUT");
    expect(causeCode(error)).toBe("UND_ERR_CONNECT_TIMEOUT");
    expect(openaiAdapter.readFailure(error, Date.now)).toMatchObject({ code: "CONNECTION_FAILED" });
  });
});
