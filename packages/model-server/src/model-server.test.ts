import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { keyHash } from "./key-hash.ts";
import type { SeenRequest } from "./serve-call.ts";
import { anthropicClient } from "./testing/drivers/anthropic.ts";
import { cerebrasClient, openaiClient } from "./testing/drivers/chat.ts";
import { geminiClient } from "./testing/drivers/gemini.ts";
import { failureOf, startTestServer, type TestServer } from "./testing/test-server.ts";

function askClaude(fixture: TestServer, key: string, content = "hi") {
  return anthropicClient(fixture, key).messages.create({
    model: "claude-haiku-4-5",
    max_tokens: 1_000,
    messages: [{ role: "user", content }],
  });
}

describe("the counters", () => {
  test("tell connections, handshakes, requests, and which keys were seen on which connection", async () => {
    const fixture = await startTestServer();
    const [a, b] = [keyHash("key-a"), keyHash("key-b")];
    await askClaude(fixture, "key-a");
    // undici frees a connection one turn of the event loop after the answer.
    await nextTurn();
    await askClaude(fixture, "key-b");
    await expect.poll(() => fixture.server.stats().requestsInFlight).toBe(0);
    expect(fixture.server.stats()).toEqual({
      connections: 1,
      connectionsOpen: 1,
      tlsHandshakes: 1,
      requests: 2,
      requestsInFlight: 0,
      requestKeys: [a, b],
      requestsByKey: [
        { key: a, requests: 1 },
        { key: b, requests: 1 },
      ],
      connectionKeys: [
        { connection: 1, key: a, requests: 1 },
        { connection: 1, key: b, requests: 1 },
      ],
    });
    fixture.server.reset();
    expect(fixture.server.stats()).toMatchObject({
      connections: 0,
      connectionsOpen: 1,
      requests: 0,
      requestKeys: [],
      requestsByKey: [],
      connectionKeys: [],
    });
    await fixture.close();
  });

  test("keep the keys of two connections apart", async () => {
    const fixture = await startTestServer();
    const ask = (key: string) =>
      cerebrasClient(fixture, key).chat.completions.create({
        model: "gpt-oss-120b",
        messages: [{ role: "user", content: "hi" }],
      });
    await askClaude(fixture, "key-a");
    await ask("key-b");
    await ask("key-b");
    expect(fixture.server.stats().connectionKeys).toEqual([
      { connection: 1, key: keyHash("key-a"), requests: 1 },
      { connection: 2, key: keyHash("key-b"), requests: 2 },
    ]);
    await fixture.close();
  });

  test("know a key whichever header of its wire brings it, also when it is refused", async () => {
    const fixture = await startTestServer({ validKeys: new Set() });
    const calls = [
      askClaude(fixture, "key-a"),
      openaiClient(fixture, "key-b").responses.create({ model: "gpt-4.1", input: "hi" }),
      geminiClient(fixture, "key-c").models.generateContent({ model: "gemini-2.5-flash", contents: "hi" }),
    ];
    await Promise.all(calls.map(failureOf));
    const { requestsByKey } = fixture.server.stats();
    expect(new Set(requestsByKey.map(({ key }) => key))).toEqual(
      new Set(["key-a", "key-b", "key-c"].map(keyHash)),
    );
    await fixture.close();
  });
});

test("a key is good only as long as it is in the set", async () => {
  const validKeys = new Set(["old-key"]);
  const fixture = await startTestServer({ validKeys });
  await askClaude(fixture, "old-key");
  validKeys.delete("old-key");
  validKeys.add("new-key");
  await askClaude(fixture, "new-key");
  expect(await failureOf(askClaude(fixture, "old-key"))).toMatchObject({ status: 401 });
  await fixture.close();
});

test("whoever started it sees every request as its SDK sent it, one with a wrong key aside", async () => {
  const seen: SeenRequest[] = [];
  const fixture = await startTestServer({ onRequest: (request) => seen.push(request) });
  await askClaude(fixture, "test-key");
  await failureOf(askClaude(fixture, "test-key-revoked"));
  expect(seen).toMatchObject([
    {
      url: "/v1/messages",
      headers: { authorization: "Bearer test-key" },
      body: { model: "claude-haiku-4-5" },
    },
  ]);
  await fixture.close();
});

test("no keep-alive timeout is announced, so that the client's pool decides how long to keep a connection", async () => {
  const fixture = await startTestServer();
  const answer = await fixture.post("/v1/messages", "{", { "x-api-key": "test-key" });
  await answer.body?.cancel();
  expect(answer.headers.get("keep-alive")).toBeNull();
  await fixture.close();
});

test("a path that no provider has is 404", async () => {
  const fixture = await startTestServer();
  for (const path of ["/v1/nothing", "/model/%zz/invoke", "/v1beta/models/gemini-2.5-flash:countTokens"]) {
    const answer = await fixture.post(path, "{}", { "x-api-key": "test-key" });
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining("Not found: POST")]);
  }
  await fixture.close();
});

test("a server that closes leaves no call hanging", async () => {
  const fixture = await startTestServer();
  const call = failureOf(askClaude(fixture, "test-key", "[[hang]]"));
  await expect.poll(() => fixture.server.stats().requestsInFlight).toBe(1);
  await fixture.close();
  expect((await call).message).toBe("Connection error.");
});
