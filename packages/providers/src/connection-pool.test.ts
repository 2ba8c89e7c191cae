import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failureOf, never, request, startProviders } from "./testing/providers-fixture.ts";

let fixture: Awaited<ReturnType<typeof startProviders>>;
beforeEach(async () => {
  fixture = await startProviders();
});
afterEach(() => fixture.close());

function call(apiKey: string, prompt = "hi", signal = never()) {
  return fixture.providers.anthropic.generate(fixture.credential(apiKey), request(prompt), signal);
}

describe("the connection pool", () => {
  test("ten calls, one right after the other, share one connection and one handshake", async () => {
    for (let index = 0; index < 10; index += 1) await call("key");
    expect(fixture.server.stats()).toMatchObject({ requests: 10, connections: 1, tlsHandshakes: 1 });
  });

  test("tenants share connections, for the connection carries no credential", async () => {
    for (let index = 0; index < 10; index += 1) await call(`key-${index}`);
    expect(fixture.server.stats()).toMatchObject({ requests: 10, connections: 1 });
    expect(new Set(fixture.server.stats().requestKeys).size).toBe(10);
  });

  test("calls in parallel do not wait for each other", async () => {
    const aborts = Array.from({ length: 20 }, () => new AbortController());
    const calls = aborts.map(({ signal }) => failureOf(call("key", "[[hang]]", signal)));
    await expect.poll(() => fixture.server.stats().requestsInFlight, { timeout: 10_000 }).toBe(20);
    for (const abort of aborts) abort.abort();
    expect((await Promise.all(calls)).map((failure) => failure.code)).toEqual(Array(20).fill("ABORTED"));
  });

  test("a call after five seconds of silence, in which Node's own pool hangs up, opens no new connection", async () => {
    await call("key");
    const silentUntil = Date.now() + 5_000;
    await expect.poll(() => Date.now() >= silentUntil, { timeout: 10_000, interval: 100 }).toBe(true);
    await call("key");
    expect(fixture.server.stats()).toMatchObject({ requests: 2, connections: 1 });
  });

  test("a cancelled call costs its own connection and leaves the others warm, those still being opened too", async () => {
    const abort = new AbortController();
    const cancelled = failureOf(call("key", "[[hang]]", abort.signal));
    await expect.poll(() => fixture.server.stats().requestsInFlight).toBe(1);
    const others = Array.from({ length: 5 }, () => call("key", "[[latency 50]]"));
    abort.abort();
    await cancelled;
    await Promise.all(others);
    await Promise.all(Array.from({ length: 5 }, () => call("key")));
    // Six, and the place of the cancelled one may be opened again.
    expect(fixture.server.stats().connections).toBeLessThanOrEqual(7);
  });

  test("shows its open connections, and has none after it was closed", async () => {
    await call("key");
    expect(fixture.pool.inspect()).toEqual([{ origin: fixture.server.url, open: 1, callsInFlight: 0 }]);
    await fixture.pool.close();
    const failure = await failureOf(call("key"));
    expect(failure.code).toBe("CONNECTION_FAILED");
  });
});

test("an answer that is larger than allowed is cut off", async () => {
  const small = await startProviders({ responseBytesMax: 10_000 });
  const failure = await failureOf(
    small.providers.anthropic.generate(small.credential("key"), request("[[tokens 900]]"), never()),
  );
  expect(failure).toMatchObject({ code: "RESPONSE_TOO_LARGE", phase: "streaming", retryable: false });
  await small.close();
});
