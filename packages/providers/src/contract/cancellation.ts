import { describe, expect, test } from "vitest";
import { failureOf } from "../testing/providers-fixture.ts";
import type { Contract } from "./contract-fixture.ts";

export function describeCancellation(contract: () => Contract): void {
  describe("a cancelled call", () => {
    const inFlight = () => contract().server.stats().requestsInFlight;

    test("that has not begun sends nothing", async () => {
      const failure = await failureOf(contract().generate("hi", {}, AbortSignal.abort()));
      expect(failure).toMatchObject({
        code: "ABORTED",
        phase: "before_request",
        retryable: false,
        usage: null,
      });
      expect(contract().server.stats().requests).toBe(0);
    });

    test("that waits for its answer drops the connection", async () => {
      const abort = new AbortController();
      const call = failureOf(contract().generate("[[hang]]", {}, abort.signal));
      await expect.poll(inFlight).toBe(1);
      abort.abort();
      expect(await call).toMatchObject({ code: "ABORTED", phase: "awaiting_response", retryable: false });
      await expect.poll(inFlight).toBe(0);
    });

    test("in the middle of an answer drops the connection and is billed for what has come", async () => {
      const failure = await abortedAfter(40, 1_000);
      expect(failure).toMatchObject({ code: "ABORTED", phase: "streaming", retryable: false });
      expect(failure.usage?.outputTokens).toBeGreaterThan(20);
      expect(failure.costMicros).toBeGreaterThan(0);
      await expect.poll(inFlight).toBe(0);
    });

    test("in the middle of an answer is never billed for more tokens than were asked for", async () => {
      expect((await abortedAfter(40, 45)).usage?.outputTokens).toBeLessThanOrEqual(45);
    });

    test("whose reader walks away ends at the provider too", async () => {
      for await (const part of contract().stream("[[pace 5]] [[tokens 900]]")) {
        if (part.type === "text") break;
      }
      await expect.poll(inFlight).toBe(0);
      expect(
        contract()
          .providers.inspect()
          .keys.every((key) => key.callsInFlight === 0),
      ).toBe(true);
    });

    async function abortedAfter(texts: number, maxTokens: number) {
      const abort = new AbortController();
      let seen = 0;
      const read = async () => {
        const parts = contract().stream("[[pace 2]] [[tokens 900]]", { maxTokens }, abort.signal);
        for await (const _part of parts) {
          seen += 1;
          if (seen === texts) abort.abort();
        }
      };
      return failureOf(read());
    }
  });
}
