import { startModelServer } from "@gantry/model-server";
import { Agent } from "undici";
import { describe, expect, test } from "vitest";
import { type ClientBounds, type ClientLife, createClientMemo } from "./client-memo.ts";
import type { CredentialOf } from "./port.ts";
import { fingerprintKey } from "./testing/providers-fixture.ts";

interface FakeClient {
  readonly id: number;
  closed: number;
}

type AnthropicCredential = CredentialOf<"anthropic">;

function memoOf(bounds: Partial<ClientBounds> = {}) {
  const clock = { now: 1_000_000 };
  const clients: FakeClient[] = [];
  const memo = createClientMemo<FakeClient>({
    fingerprintKey,
    now: () => clock.now,
    bounds: { entriesMax: 1_000, idleMaxMs: 1_800_000, ...bounds },
  });
  const create = () => {
    const client = { id: clients.length, closed: 0 };
    clients.push(client);
    return {
      client,
      connections: () => 2,
      close: () => {
        client.closed += 1;
      },
    };
  };
  return {
    clock,
    clients,
    memo,
    lease: (credential: AnthropicCredential, life: ClientLife = "kept") =>
      memo.lease(identityOf(credential), life, create),
  };
}

function identityOf(credential: AnthropicCredential) {
  return { credential, parts: [credential.apiKey, credential.baseUrl ?? null] };
}

function credential(apiKey: string, more: Partial<AnthropicCredential> = {}): AnthropicCredential {
  return { provider: "anthropic", apiKey, source: "platform", ...more };
}

describe("the memo of clients", () => {
  test("gives the same client for the same credential, and another for every input that differs", () => {
    const { lease } = memoOf();
    const first = lease(credential("a")).client;
    expect(lease(credential("a")).client).toBe(first);
    const others = [
      credential("b"),
      credential("a", { baseUrl: "https://example.com" }),
      credential("a", { source: "workspace" }),
      // The same characters, cut at another place.
      credential("ahttps://example", { baseUrl: ".com" }),
    ].map((other) => lease(other).client);
    expect(new Set([first, ...others]).size).toBe(5);
  });

  test("shows fingerprints and never a key", () => {
    const { memo, lease } = memoOf();
    lease(credential("very-secret-key")).release();
    const shown = JSON.stringify(memo.inspect());
    expect(shown).not.toContain("very-secret-key");
    expect(memo.inspect()).toEqual([
      {
        provider: "anthropic",
        source: "platform",
        keyFingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
        clients: 1,
        callsInFlight: 0,
        connections: 2,
        lastUsedAt: 1_000_000,
        draining: false,
      },
    ]);
  });

  test("a key has the same fingerprint wherever it is used, and two keys have two", () => {
    const { memo, lease } = memoOf();
    lease(credential("a"));
    lease(credential("a", { baseUrl: "https://example.com" }));
    lease(credential("b"));
    const fingerprints = memo.inspect().map((key) => key.keyFingerprint);
    expect(fingerprints.length).toBe(3);
    expect(new Set(fingerprints).size).toBe(2);
  });

  test("a client of one call is nobody else's, and is closed with its call", () => {
    const { memo, clients, lease } = memoOf();
    const first = lease(credential("a"), "one_call");
    const second = lease(credential("a"), "one_call");
    expect(second.client).not.toBe(first.client);
    expect(memo.inspect()).toMatchObject([{ clients: 2, callsInFlight: 2, connections: null }]);
    first.release();
    first.release();
    expect(clients.map((client) => client.closed)).toEqual([1, 0]);
    second.release();
    expect(clients.map((client) => client.closed)).toEqual([1, 1]);
    expect(memo.inspect()).toMatchObject([{ clients: 0, callsInFlight: 0 }]);
  });

  test("never closes an evicted client under a call, and closes it once when the last call ends", () => {
    const { memo, clients, lease } = memoOf({ entriesMax: 1 });
    const first = lease(credential("a"));
    const second = lease(credential("a"));
    lease(credential("b")).release();
    expect(clients[0]?.closed).toBe(0);
    expect(memo.inspect().find((key) => key.draining)?.callsInFlight).toBe(2);
    first.release();
    first.release();
    expect(clients[0]?.closed).toBe(0);
    second.release();
    expect(clients[0]?.closed).toBe(1);
    expect(memo.inspect().some((key) => key.draining)).toBe(false);
  });

  test("an evicted credential gets a new client while the old one drains", () => {
    const { lease } = memoOf({ entriesMax: 1 });
    const draining = lease(credential("a"));
    lease(credential("b")).release();
    expect(lease(credential("a")).client).not.toBe(draining.client);
  });

  test("lets go of a client after 30 idle minutes, which every use renews", () => {
    const { memo, clock, clients, lease } = memoOf();
    const minute = 60_000;
    lease(credential("a")).release();
    clock.now += 29 * minute;
    lease(credential("a")).release();
    clock.now += 29 * minute;
    memo.sweep();
    expect(clients[0]?.closed).toBe(0);
    clock.now += 2 * minute;
    memo.sweep();
    expect(clients[0]?.closed).toBe(1);
    expect(memo.inspect()).toEqual([]);
  });

  test("holds at most 1,000 clients", () => {
    const { memo, clients, lease } = memoOf();
    for (let index = 0; index < 1_500; index += 1) lease(credential(`key-${index}`)).release();
    expect(memo.inspect().length).toBe(1_000);
    expect(clients.filter((client) => client.closed === 1).length).toBe(500);
  });

  test("closed as a whole, it closes idle clients at once and busy ones when their calls end", () => {
    const { memo, clients, lease } = memoOf();
    lease(credential("idle")).release();
    const busy = lease(credential("busy"));
    memo.close();
    expect(clients.map((client) => client.closed)).toEqual([1, 0]);
    busy.release();
    expect(clients.map((client) => client.closed)).toEqual([1, 1]);
  });

  test.each([1, 2, 3, 4])("keeps its promises in a random life, seed %i", (seed) => {
    const random = lcg(seed);
    const { memo, clock, clients, lease } = memoOf({ entriesMax: 3, idleMaxMs: 50 });
    const held: ReturnType<typeof lease>[] = [];
    let closedUnderCall = 0;
    for (let step = 0; step < 2_000; step += 1) {
      const act = random(10);
      if (act < 5) held.push(lease(credential(`key-${random(6)}`), random(3) === 0 ? "one_call" : "kept"));
      else if (act < 9) held.splice(random(held.length + 1), 1)[0]?.release();
      else clock.now += random(40);
      if (random(20) === 0) memo.sweep();
      closedUnderCall += held.filter(({ client }) => client.closed > 0).length;
    }
    expect(closedUnderCall).toBe(0);
    for (const one of held) one.release();
    memo.close();
    expect(clients.filter((client) => client.closed !== 1)).toEqual([]);
  });
});

test("a call that streams through a client's own connections goes on after the client was evicted, and no socket is left afterwards", async () => {
  const server = await startModelServer();
  const memo = createClientMemo<Agent>({
    fingerprintKey,
    now: Date.now,
    bounds: { entriesMax: 1, idleMaxMs: 1_800_000 },
  });
  const open = () => {
    const client = new Agent({ connect: { ca: server.ca } });
    return { client, connections: () => null, close: () => void client.destroy() };
  };
  const lease = memo.lease(identityOf(credential("a")), "kept", open);
  const answer = await lease.client.request({
    origin: server.url,
    path: "/v1/messages",
    method: "POST",
    headers: { "x-api-key": "a" },
    body: JSON.stringify({
      model: "claude-haiku-4-5",
      max_tokens: 100,
      stream: true,
      messages: [{ role: "user", content: "[[pace 5]] [[tokens 60]]" }],
    }),
  });
  const other = memo.lease(identityOf(credential("b")), "kept", open);
  expect(memo.inspect().find((key) => key.draining)?.callsInFlight).toBe(1);
  const text = await answer.body.text();
  expect(text).toContain("message_stop");
  lease.release();
  await expect.poll(() => lease.client.destroyed).toBe(true);
  other.release();
  memo.close();
  await server.close();
});

function lcg(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
