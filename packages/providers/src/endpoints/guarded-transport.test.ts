import Anthropic, { APIConnectionError } from "@anthropic-ai/sdk";
import { createGuard, EgressRefused, trusting } from "@gantry/egress";
import { startModelServer } from "@gantry/model-server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { guardedTransport } from "./guarded-transport.ts";

let server: Awaited<ReturnType<typeof startModelServer>>;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

function transportTo(addresses: string[][]) {
  const answers = addresses.map((answer) => answer.map((address) => ({ address, family: 4 })));
  let asked = 0;
  const guard = createGuard({
    policy: { allow: ["127.0.0.1"], requireHttps: true },
    resolve: async () => answers[Math.min(asked++, answers.length - 1)] ?? [],
  });
  return guardedTransport({
    guard,
    trust: trusting([server.ca]),
    firstByteTimeoutMs: 10_000,
    betweenBytesTimeoutMs: 10_000,
    responseBytesMax: 1_000_000,
  });
}

/** `localhost` is a name, so DNS is asked. */
function clientOver(transport: ReturnType<typeof transportTo>) {
  const baseURL = `https://localhost:${new URL(server.url).port}`;
  return new Anthropic({ apiKey: "key", baseURL, fetch: transport.fetch, maxRetries: 0 });
}

async function eventsOf(client: Anthropic): Promise<string[]> {
  const events = await client.messages.create({
    model: "claude-haiku-4-5",
    max_tokens: 100,
    messages: [{ role: "user", content: "hi" }],
    stream: true,
  });
  const types: string[] = [];
  for await (const { type } of events) types.push(type);
  // undici frees a connection one turn of the event loop after the answer's end.
  await new Promise((resolve) => setImmediate(resolve));
  return types;
}

test("an SDK streams over it, its connection stays warm for the next call, and closing ends it", async () => {
  const transport = transportTo([["127.0.0.1"]]);
  const client = clientOver(transport);
  expect((await eventsOf(client)).at(-1)).toBe("message_stop");
  expect((await eventsOf(client)).at(-1)).toBe("message_stop");
  expect(server.stats()).toMatchObject({ requests: 2, connections: 1 });
  expect(transport.connections()).toBe(1);
  transport.close();
  expect(transport.connections()).toBe(0);
});

test("a name that turns private between two calls fails the second one with the guard's refusal as its cause", async () => {
  const client = clientOver(transportTo([["127.0.0.1"], ["10.0.0.1"]]));
  await eventsOf(client);
  const failure = await eventsOf(client).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(APIConnectionError);
  const cause = failure instanceof Error ? failure.cause : null;
  expect(cause).toBeInstanceOf(EgressRefused);
  expect(cause).toMatchObject({ failure: "ADDRESS_NOT_ALLOWED" });
  expect(server.stats().requests).toBe(1);
});
