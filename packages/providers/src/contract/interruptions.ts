import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProviderError } from "../provider-error.ts";
import { collect, failureOf } from "../testing/providers-fixture.ts";
import { type Contract, startContract } from "./contract-fixture.ts";
import type { ContractSubject } from "./contract-subject.ts";

/** Of 40 tokens of up to eight letters, by about four bytes a token. */
const billedMin = 20;

export function describeInterruptions(subject: ContractSubject, contract: () => Contract): void {
  describe("an answer that breaks off", () => {
    test.each([
      "[[cut]]",
      "[[cut end]]",
      "[[cut final]]",
      "[[truncate]]",
      "[[truncate end]]",
      "[[truncate final]]",
    ])("%s: a failure that is billed for what came, never a shortened success", async (fault) => {
      const { failure, types } = await broken(contract(), `${fault} [[tokens 80]]`);
      expect(failure).toMatchObject({ code: "INCOMPLETE_STREAM", phase: "streaming", retryable: false });
      expectBilled(failure);
      expect(types).toContain("text");
      expect(types).not.toContain("finish");
    });

    test("before its first word: no empty success, and it may be asked for again", async () => {
      const { failure } = await broken(contract(), "[[truncate]] [[say x]]");
      expect(failure).toMatchObject({ code: "INCOMPLETE_STREAM", retryable: true });
    });

    test("with an error of the provider: told as that, and billed for what came", async () => {
      const { failure, types } = await broken(contract(), "[[error-event]] [[tokens 80]]");
      expect(failure).toMatchObject({ phase: "streaming", retryable: false });
      expect(["SERVER_ERROR", "OVERLOADED"]).toContain(failure.code);
      expectBilled(failure);
      expect(types).not.toContain("finish");
    });

    test("with an error of the provider before its first word: it may be asked for again", async () => {
      const { failure } = await broken(contract(), "[[error-event]] [[say x]]");
      expect(failure.retryable).toBe(true);
      expect(["SERVER_ERROR", "OVERLOADED"]).toContain(failure.code);
    });
  });

  describe.concurrent("an answer that falls silent", () => {
    let impatient: Contract;
    beforeAll(async () => {
      impatient = await startContract(subject, { firstByteTimeoutMs: 400, betweenBytesTimeoutMs: 400 });
      // The first call also opens the connection and loads what the SDK loads late.
      await impatient.generate("[[say warm]]");
    });
    afterAll(() => impatient.close());
    // They run side by side, because undici looks at its timers once a second.
    const inFlight = () => impatient.server.stats().requestsInFlight;

    test("before its first byte: it times out, with nothing known to be billed", async ({ expect }) => {
      const { failure } = await broken(impatient, "[[hang]]");
      expect(failure).toMatchObject({
        code: "TIMED_OUT",
        phase: "awaiting_response",
        retryable: false,
        usage: null,
        costMicros: 0,
      });
      await expect.poll(inFlight).toBe(0);
    });

    test("after its headers: it times out", async ({ expect }) => {
      const { failure } = await broken(impatient, "[[stall]]");
      expect(failure).toMatchObject({
        code: "TIMED_OUT",
        phase: subject.opensStream ? "streaming" : "awaiting_response",
        retryable: false,
      });
      await expect.poll(inFlight).toBe(0);
    });

    test("in its middle: it times out and is billed for what came", async ({ expect }) => {
      const { failure } = await broken(impatient, "[[stall half]] [[tokens 80]]");
      expect(failure).toMatchObject({ code: "TIMED_OUT", phase: "streaming", retryable: false });
      expectBilled(failure);
      await expect.poll(inFlight).toBe(0);
    });

    test("but may take longer than any of these limits as long as it moves", async () => {
      const { texts } = await collect(impatient.stream("[[pace 20]] [[tokens 40]]"));
      expect(texts.length).toBe(40);
    });
  });
}

async function broken(contract: Contract, prompt: string) {
  const types: string[] = [];
  const read = async () => {
    for await (const part of contract.stream(prompt)) types.push(part.type);
  };
  return { failure: await failureOf(read()), types };
}

function expectBilled(failure: ProviderError): void {
  expect(failure.usage?.outputTokens).toBeGreaterThan(billedMin);
  expect(failure.usage?.inputTokens).toBeGreaterThan(0);
  expect(failure.costMicros).toBeGreaterThan(0);
}
