import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf, never } from "../testing/providers-fixture.ts";
import { type Contract, startContract } from "./contract-fixture.ts";
import type { ContractSubject } from "./contract-subject.ts";

/** The same SDK over the guarded `fetch`, which an address that a user named is called with. */
export function describeUserEndpoints(subject: ContractSubject): void {
  describe.concurrent("at an address that a user named", () => {
    let contract: Contract;
    beforeAll(async () => {
      contract = await startContract(subject, { firstByteTimeoutMs: 400, betweenBytesTimeoutMs: 400 });
      await asked("[[say warm]]");
    });
    afterAll(() => contract.close());

    const asked = (prompt: string, signal = never()) => {
      const { provider, credential, request } = contract;
      return provider.generate(credential("users-key", "workspace"), request(prompt, {}), signal);
    };

    test("calls go over connections of the key's own", async () => {
      const { keys, connections } = contract.providers.inspect();
      expect(keys).toMatchObject([{ source: "workspace", connections: expect.any(Number) }]);
      expect(keys[0]?.connections).toBeGreaterThan(0);
      expect(connections).toEqual([]);
    });

    test("an address that is not allowed is refused, and nothing is sent", async () => {
      const inside = subject.credential({ url: "https://10.1.2.3" }, "users-key", "workspace");
      const call = contract.provider.generate(inside, contract.request("hi", {}), never());
      expect(await failureOf(call)).toMatchObject({
        code: "ENDPOINT_NOT_ALLOWED",
        phase: "before_request",
        retryable: false,
        usage: null,
      });
    });

    test("silence times out, before the first byte and in the middle", async () => {
      const codes = await Promise.all(
        ["[[hang]]", "[[stall half]] [[tokens 80]]"].map(async (fault) => {
          const { code, phase } = await failureOf(asked(fault));
          return [code, phase];
        }),
      );
      expect(codes).toEqual([
        ["TIMED_OUT", "awaiting_response"],
        ["TIMED_OUT", "streaming"],
      ]);
    });

    test("an answer that breaks off, ends early or is too large is no answer", async () => {
      const faults = ["[[cut]] [[tokens 80]]", "[[truncate]] [[tokens 80]]", "[[oversize 1]]"];
      const failures = await Promise.all(faults.map((fault) => failureOf(asked(fault))));
      expect(failures.map(({ code }) => code)).toEqual([
        "INCOMPLETE_STREAM",
        "INCOMPLETE_STREAM",
        "RESPONSE_TOO_LARGE",
      ]);
      for (const { usage, costMicros } of failures) {
        expect(usage?.outputTokens).toBeGreaterThan(20);
        expect(costMicros).toBe(0);
      }
    });

    test("what the provider says keeps its meaning", async () => {
      expect(await failureOf(asked("[[error 429 retry-after=2]]"))).toMatchObject({
        code: "RATE_LIMITED",
        retryable: true,
        retryAfterMs: 2_000,
      });
    });
  });

  test("a cancelled call at an address that a user named drops its connection, and a key's connections end with its client", async () => {
    const contract = await startContract(subject, { clients: { entriesMax: 1 } });
    const { server, provider, request, credential } = contract;
    const abort = new AbortController();
    const users = credential("users-key", "workspace");
    const call = failureOf(provider.generate(users, request("[[hang]]", {}), abort.signal));
    await expect.poll(() => server.stats().requestsInFlight).toBe(1);
    abort.abort();
    expect(await call).toMatchObject({ code: "ABORTED", phase: "awaiting_response" });
    await expect.poll(() => server.stats().requestsInFlight).toBe(0);

    await provider.generate(users, request("hi", {}), never());
    await expect.poll(() => server.stats().connectionsOpen).toBe(1);
    await provider.generate(credential("other-key", "workspace"), request("hi", {}), never());
    await expect.poll(() => server.stats().connectionsOpen).toBe(1);
    await contract.close();
  });
}
