import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keyHash } from "../key-hash.ts";
import type { Brought, Driver, Question } from "./driver.ts";
import { failureOf, startTestServer, type TestServer } from "./test-server.ts";

/** What every wire does alike, asked through the real SDK: text, errors, keys, and every fault on the way. */
export function describeWire(name: string, createDriver: (fixture: TestServer) => Driver): void {
  describe(`over the wire of ${name}, through the real SDK`, () => {
    let fixture: TestServer;
    let driver: Driver;
    beforeAll(async () => {
      fixture = await startTestServer({ validKeys: new Set(["test-key", "other-key"]) });
      driver = createDriver(fixture);
    });
    afterAll(() => fixture.close());
    const inFlight = () => fixture.server.stats().requestsInFlight;

    test("a stream has many parts, the same text as the whole answer, and ends with what is billed", async () => {
      const prompt = "[[tokens 40]] [[usage input=12 output=34]] go on";
      const brought = await read(driver, { prompt });
      expect(brought.length).toBe(41);
      expect(brought.at(-1)).toEqual({ type: "final", inputTokens: 12, outputTokens: 34 });
      expect(textOf(brought)).toBe(await driver.ask({ prompt }));
    });

    test("an error keeps its status", async () => {
      for (const status of [400, 403, 429, 500, 503, 529]) {
        const asked = await failureOf(driver.ask({ prompt: `[[error ${status}]]` }));
        const streamed = await failureOf(read(driver, { prompt: `[[error ${status}]]` }));
        expect([driver.statusOf(asked), driver.statusOf(streamed)]).toEqual([status, status]);
      }
    });

    test("[[overloaded]] and an unknown model have the provider's status", async () => {
      const { overloaded } = driver.statuses;
      expect(driver.statusOf(await failureOf(read(driver, { prompt: "[[overloaded]]" })))).toBe(overloaded);
      const model = `${driver.model}-unknown`;
      expect(driver.statusOf(await failureOf(read(driver, { prompt: "hi", model })))).toBe(404);
    });

    test("a wrong key, a revoked one and [[bad-key]] are refused alike, and a good one is not", async () => {
      const failures = [
        await failureOf(driver.ask({ prompt: "hi", key: "wrong-key" })),
        await failureOf(driver.ask({ prompt: "hi", key: "test-key-revoked" })),
        await failureOf(driver.ask({ prompt: "[[bad-key]]" })),
      ];
      expect(failures.map(driver.statusOf)).toEqual(failures.map(() => driver.statuses.badKey));
      expect(await driver.ask({ prompt: "[[say fine]]", key: "other-key" })).toBe("fine");
    });

    test("[[hang]] answers nothing until the client goes", async () => {
      const abort = new AbortController();
      let opened = false;
      const onOpen = () => {
        opened = true;
      };
      const call = failureOf(read(driver, { prompt: "[[hang]]", signal: abort.signal, onOpen }));
      await expect.poll(inFlight).toBe(1);
      abort.abort();
      await call;
      expect(opened).toBe(false);
      await expect.poll(inFlight).toBe(0);
    });

    test("[[stall]] opens the stream and brings no text", async () => {
      const abort = new AbortController();
      const brought: Brought[] = [];
      const opened = new Promise<void>((resolve) => {
        const question = { prompt: "[[stall]]", signal: abort.signal, onOpen: resolve };
        read(driver, question, brought).catch(() => undefined);
      });
      await opened;
      expect(inFlight()).toBe(1);
      abort.abort();
      await expect.poll(inFlight).toBe(0);
      expect(brought).toEqual([]);
    });

    test("[[stall half]] brings half of the text, then silence", async () => {
      const abort = new AbortController();
      const brought: Brought[] = [];
      const prompt = "[[stall half]] [[tokens 40]] go on";
      // Some SDKs end an aborted stream without a word.
      const reading = read(driver, { prompt, signal: abort.signal }, brought).catch(() => undefined);
      // 20 were sent; Cerebras's SDK keeps an event until the next byte comes.
      await expect.poll(() => brought.length).toBeGreaterThanOrEqual(19);
      expect(inFlight()).toBe(1);
      abort.abort();
      await reading;
      await expect.poll(inFlight).toBe(0);
      expect(isWhole(brought)).toBe(false);
    });

    test("[[say-key]] proves which key a call came with", async () => {
      const said = await Promise.all(
        ["test-key", "other-key"].map((key) => driver.ask({ prompt: "[[say-key]]", key })),
      );
      expect(said).toEqual(["test-key", "other-key"].map((key) => keyHash(key).slice(0, 8)));
    });

    test.each(["[[cut]]", "[[cut end]]", "[[cut final]]"])(
      "%s fails after some text, without the final event",
      async (fault) => {
        const brought: Brought[] = [];
        await failureOf(read(driver, { prompt: `${fault} [[tokens 40]] [[pace 2]] go on` }, brought));
        expect(brought.length).toBeGreaterThan(0);
        expect(isWhole(brought)).toBe(false);
        await expect.poll(inFlight).toBe(0);
      },
    );

    test.each([
      ["[[truncate]]", 20],
      ["[[truncate end]]", 40],
      ["[[truncate final]]", 40],
    ])("%s ends after %i tokens, without the final event", async (fault, tokens) => {
      const brought: Brought[] = [];
      // Some SDKs notice, some do not.
      await read(driver, { prompt: `${fault} [[tokens 40]] go on` }, brought).catch(() => undefined);
      expect(brought.length).toBe(tokens);
      expect(isWhole(brought)).toBe(false);
    });

    test("[[error-event]] fails in the middle of the stream", async () => {
      const brought: Brought[] = [];
      await failureOf(read(driver, { prompt: "[[error-event]] [[tokens 40]] go on" }, brought));
      expect(brought.length).toBe(20);
    });

    test("an answer that is no stream breaks too", async () => {
      for (const fault of ["[[cut]]", "[[truncate]]"])
        await expect(driver.ask({ prompt: `${fault} tell me` })).rejects.toThrow(Error);
    });

    test("[[oversize 1]] sends a megabyte, as a stream, whole, and as an error's message", async () => {
      expect(textOf(await read(driver, { prompt: "[[oversize 1]]" })).length).toBe(1_000_000);
      expect((await driver.ask({ prompt: "[[oversize 1]]" })).length).toBe(1_000_000);
      const error = await failureOf(driver.ask({ prompt: "[[error 500]] [[oversize 1]]" }));
      expect(error.message.length).toBeGreaterThan(1_000_000);
    });
  });
}

/** Reads a stream to its end; `brought` holds what came, also when it fails. */
async function read(driver: Driver, question: Question, brought: Brought[] = []): Promise<Brought[]> {
  for await (const part of driver.stream(question)) brought.push(part);
  return brought;
}

function textOf(brought: readonly Brought[]): string {
  return brought.map((part) => (part.type === "text" ? part.text : "")).join("");
}

function isWhole(brought: readonly Brought[]): boolean {
  return brought.some((part) => part.type === "final");
}
