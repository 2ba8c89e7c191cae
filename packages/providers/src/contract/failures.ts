import { once } from "node:events";
import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import type { ProviderErrorCode } from "../port.ts";
import { secretsOf } from "../secrets-of.ts";
import { failureOf, never } from "../testing/providers-fixture.ts";
import { type Contract, startContract } from "./contract-fixture.ts";
import type { ContractSubject } from "./contract-subject.ts";

const table: readonly (readonly [string, ProviderErrorCode, boolean, number | null])[] = [
  ["[[error 400]]", "INVALID_REQUEST", false, null],
  ["[[bad-key]]", "AUTHENTICATION_FAILED", false, null],
  ["[[error 401]]", "AUTHENTICATION_FAILED", false, null],
  ["[[error 403]]", "AUTHENTICATION_FAILED", false, null],
  ["[[error 404]]", "MODEL_NOT_FOUND", false, null],
  ["[[error 429 retry-after=2]]", "RATE_LIMITED", true, 2_000],
  ["[[error 429]]", "RATE_LIMITED", true, null],
  ["[[error 500]]", "SERVER_ERROR", true, null],
  ["[[overloaded retry-after=7]]", "OVERLOADED", true, 7_000],
];

export function describeFailures(subject: ContractSubject, contract: () => Contract): void {
  describe("a failure", () => {
    const calledAt = (url: string) => {
      const { provider, request } = contract();
      return failureOf(provider.generate(subject.credential({ url }, "a-key"), request("hi", {}), never()));
    };

    test.each(table)(
      "%s is %s, retryable %s after %s ms, made once and not billed",
      async (prompt, code, retryable, retryAfterMs) => {
        expect(await failureOf(contract().generate(prompt))).toMatchObject({
          provider: subject.provider,
          code,
          retryable,
          retryAfterMs,
          phase: "awaiting_response",
          usage: null,
          costMicros: 0,
        });
        expect(contract().server.stats().requests).toBe(1);
      },
    );

    test("a key that was revoked is refused", async () => {
      const { provider, credential, request } = contract();
      const failure = await failureOf(
        provider.generate(credential("a-key-revoked"), request("hi", {}), never()),
      );
      expect(failure).toMatchObject({ code: "AUTHENTICATION_FAILED", retryable: false });
    });

    test("an unpriced model is refused before anything is sent, not free", async () => {
      const failure = await failureOf(contract().generate("hi", { model: `${subject.model}-unpriced` }));
      expect(failure).toMatchObject({ code: "UNPRICED_MODEL", phase: "before_request", retryable: false });
      expect(contract().server.stats().requests).toBe(0);
    });

    test("an unknown model is told as that", async () => {
      const { provider, credential, request } = contract();
      const model = `${subject.model}-unknown`;
      const own = credential("own-key", "workspace");
      const failure = await failureOf(provider.generate(own, request("hi", { model }), never()));
      expect(failure).toMatchObject({ code: "MODEL_NOT_FOUND", retryable: false });
    });

    test("no secret is in the message, the cause or the stack, even when the provider repeats it", async () => {
      const { provider, credential, request } = contract();
      const own = credential("tenant-key-1234");
      const failure = await failureOf(provider.generate(own, request("[[error 401 echo-key]]", {}), never()));
      const secrets = secretsOf(own);
      // What Bedrock's wire repeats is the id of a key, which is no secret.
      const shown = secrets.includes("tenant-key-1234") ? "[key]" : "tenant-key-1234";
      expect(failure.message).toContain(`Your key is ${shown}`);
      const told = [failure.message, String(failure.cause), JSON.stringify(failure), failure.stack].join(
        "\n",
      );
      for (const secret of secrets) expect(told).not.toContain(secret);
    });

    test("no connection is retryable, and nothing is billed", async () => {
      const gone = await startContract(subject);
      await gone.close();
      const failure = await calledAt(gone.server.url);
      expect(failure).toMatchObject({ code: "CONNECTION_FAILED", retryable: true, usage: null });
      expect(String(failure.cause)).toContain("ECONNREFUSED");
    });

    test("a certificate that nobody vouches for is no connection", async () => {
      const stranger = await startContract(subject);
      expect(await calledAt(stranger.server.url)).toMatchObject({ code: "CONNECTION_FAILED" });
      expect(stranger.server.stats().requests).toBe(0);
      await stranger.close();
    });

    test("a redirect is not followed, so that a key goes nowhere else", async () => {
      const redirecting = createServer(({ url = "/" }, response) => {
        response.writeHead(307, { location: `${contract().server.url}${url}` }).end();
      });
      redirecting.listen(0, "127.0.0.1");
      await once(redirecting, "listening");
      const address = redirecting.address();
      if (address === null || typeof address === "string") throw new Error("no port");
      const failure = await calledAt(`http://127.0.0.1:${address.port}`);
      expect(["CONNECTION_FAILED", "SERVER_ERROR", "INVALID_REQUEST"]).toContain(failure.code);
      expect(contract().server.stats().requests).toBe(0);
      redirecting.closeAllConnections();
      redirecting.close();
    });

    test("an answer larger than allowed is given up, and what came of it is billed", async () => {
      const failure = await failureOf(contract().generate("[[oversize 1]]", { maxTokens: 100_000 }));
      expect(failure).toMatchObject({ code: "RESPONSE_TOO_LARGE", phase: "streaming", retryable: false });
      expect(failure.costMicros).toBeGreaterThan(0);
      await expect.poll(() => contract().server.stats().requestsInFlight).toBe(0);
    });

    test("an error whose body is larger than allowed is still told in a few words", async () => {
      const failure = await failureOf(contract().generate("[[error 500]] [[oversize 1]]"));
      expect(["SERVER_ERROR", "RESPONSE_TOO_LARGE"]).toContain(failure.code);
      expect(failure.message.length).toBeLessThan(500);
      expect(String(failure.cause).length).toBeLessThan(500);
    });
  });
}
