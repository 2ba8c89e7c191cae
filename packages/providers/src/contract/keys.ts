import { createHash } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { KeySource } from "../port.ts";
import { failureOf, never } from "../testing/providers-fixture.ts";
import type { Contract } from "./contract-fixture.ts";
import { hostileEnvironment, hostileWord } from "./hostile-environment.ts";

export function describeKeys(contract: () => Contract): void {
  const sayKey = async (key: string, source: KeySource = "platform") => {
    const { provider, credential, request } = contract();
    return provider.generate(credential(key, source), request("[[say-key]]", {}), never());
  };

  describe("keys", () => {
    test.each(["workspace", "organization"] as const)(
      "one of the %s costs nothing, reports usage, and may call a model without a price",
      async (source) => {
        const { provider, credential, request } = contract();
        const model = `${request("", {}).model}-unpriced`;
        const generation = await provider.generate(
          credential("own-key", source),
          request("[[say-key]]", { model }),
          never(),
        );
        expect(generation).toMatchObject({ text: saidOf("own-key"), costMicros: 0 });
        expect(generation.usage.inputTokens).toBeGreaterThan(0);
      },
    );

    test("a rotated key is used by the very next call", async () => {
      const said = [await sayKey("old-key"), await sayKey("new-key"), await sayKey("old-key")];
      expect(said.map(({ text }) => text)).toEqual(["old-key", "new-key", "old-key"].map(saidOf));
    });

    test("two keys never share a client, and show as two fingerprints", async () => {
      const before = contract().providers.inspect().keys.length;
      for (const key of ["key-one", "key-two", "key-one"]) await sayKey(key);
      const { keys } = contract().providers.inspect();
      // Those that were used last come first.
      const [one, two, ...others] = keys;
      expect(others.length).toBe(before);
      expect(one?.keyFingerprint).not.toBe(two?.keyFingerprint);
      expect(JSON.stringify(keys)).not.toContain("key-one");
    });

    test("a call in flight is shown with its key's fingerprint, and no longer when it has ended", async () => {
      const inFlight = () =>
        contract()
          .providers.inspect()
          .keys.filter((key) => key.callsInFlight > 0);
      const abort = new AbortController();
      const call = failureOf(contract().generate("[[hang]]", {}, abort.signal));
      await expect.poll(() => contract().server.stats().requestsInFlight).toBe(1);
      expect(inFlight()).toMatchObject([{ callsInFlight: 1, clients: 1, draining: false }]);
      const { connections } = contract().providers.inspect();
      const origin = contract().server.url;
      expect(connections.find((shown) => shown.origin === origin)).toMatchObject({ callsInFlight: 1 });
      abort.abort();
      await call;
      expect(inFlight()).toEqual([]);
    });

    test("calls of the platform's keys, one after the other, share one connection", async () => {
      for (let index = 0; index < 8; index += 1) await sayKey(`shared-${index % 2}`);
      expect(contract().server.stats()).toMatchObject({ requests: 8 });
      expect(contract().server.stats().connections).toBeLessThanOrEqual(1);
    });

    describe("and the environment", () => {
      afterEach(() => {
        vi.unstubAllEnvs();
        vi.restoreAllMocks();
      });

      test("nothing that the SDK could read there is sent, followed or obeyed, and nothing is printed", async () => {
        const printed: unknown[] = [];
        for (const level of ["debug", "error", "info", "log", "warn"] as const) {
          vi.spyOn(console, level).mockImplementation((...words) => printed.push(words));
        }
        for (const [name, value] of Object.entries(hostileEnvironment)) vi.stubEnv(name, value);
        expect((await sayKey("given-key")).text).toBe(saidOf("given-key"));
        expect(JSON.stringify(contract().seen)).not.toContain(hostileWord);
        expect(printed).toEqual([]);
      });
    });
  });
}

/** How the model server tells which key a call came with. */
function saidOf(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 8);
}
