import { getEventListeners, once } from "node:events";
import { createServer } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Contract, startContract } from "../contract/contract-fixture.ts";
import { subjects } from "../contract/subjects.ts";
import { round, user, weather } from "../contract/tools.ts";
import { failureOf, never } from "../testing/providers-fixture.ts";

const model = "gemini-3-pro-preview";
const older = "gemini-2.5-flash";
const responseSchema = { type: "object", properties: { title: { type: "string" } }, required: ["title"] };

let contract: Contract;
beforeAll(async () => {
  contract = await startContract({ ...subjects.google, model });
});
afterAll(() => contract.close());
beforeEach(() => contract.reset());

/** What was sent last. */
function sent(): string {
  return JSON.stringify(contract.seen.at(-1)?.body);
}

describe("a conversation with tools", () => {
  const tools = [weather];

  test("goes on with a model that signs its calls: the signature goes back where it came from", async () => {
    const asked = "[[tool weather weather]] How is it?";
    const first = await contract.generate(asked, { tools });
    const messages = [user(asked), ...round(first, ["12 degrees", "13 degrees"])];
    const second = await contract.generate("", { tools, messages });
    expect(second.text).toContain("12 degrees");
    expect(sent().match(/thoughtSignature/g)).toHaveLength(1);
    expect(first.continuation).toEqual({
      provider: "google",
      data: { calls: [expect.stringMatching(/./), null], text: null },
    });
  });

  test("keeps its signatures when it was stored as JSON in between", async () => {
    const first = await contract.generate("[[tool weather]]", { tools });
    const stored: typeof first = JSON.parse(JSON.stringify(first));
    const messages = [user("[[tool weather]]"), ...round(stored, ["12 degrees"])];
    expect((await contract.generate("", { tools, messages })).text).toContain("12 degrees");
  });
});

describe("a schema together with tools", () => {
  const more = { tools: [weather], responseSchema, system: "Be brief." };

  test("is asked for natively from version 3 on", async () => {
    expect((await contract.generate("hi", more)).json).toEqual({ title: "example title" });
    expect(sent()).toContain('"responseJsonSchema"');
    expect(sent()).not.toContain("JSON schema");
  });

  test("is a part of the system text before, where the API refuses both", async () => {
    const { provider, credential, request } = contract;
    const own = credential("own-key", "workspace");
    const asked = request('[[say {"title":"x"}]]', { ...more, model: older });
    expect((await provider.generate(own, asked, never())).json).toEqual({ title: "x" });
    expect(sent()).toContain("Be brief.\\n\\nWhen you answer");
    expect(sent()).not.toContain("responseMimeType");
  });
});

describe("a request that cannot be made", () => {
  test.each(["", "gemini-2.5-flash:countTokens#", "../files", "models/../files", "a b", "tunedModels/mine"])(
    "'%s' is no model's name and never becomes a part of the address",
    async (name) => {
      const { provider, credential, request } = contract;
      const own = credential("own-key", "workspace");
      const failure = await failureOf(provider.generate(own, request("hi", { model: name }), never()));
      expect(failure).toMatchObject({ code: "INVALID_REQUEST", phase: "before_request" });
      expect(contract.server.stats().requests).toBe(0);
    },
  );

  test("a tool whose name begins with a digit is refused in a sentence", async () => {
    const failure = await failureOf(contract.generate("hi", { tools: [{ ...weather, name: "2nd" }] }));
    expect(failure).toMatchObject({ code: "INVALID_REQUEST", phase: "before_request" });
    expect(failure.message).toContain("'2nd'");
  });

  test("a token of the live API is told from a key", async () => {
    const { provider, credential, request } = contract;
    const failure = await failureOf(
      provider.generate(credential("auth_tokens/1"), request("hi", {}), never()),
    );
    expect(failure).toMatchObject({ code: "INVALID_REQUEST", phase: "before_request" });
  });
});

test("a run's signal keeps nothing of the calls that are over", async () => {
  const { signal } = new AbortController();
  for (let call = 0; call < 3; call += 1) await contract.generate("hi", {}, signal);
  await failureOf(contract.generate("[[error 500]]", {}, signal));
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

describe("a server that only claims to be Gemini", () => {
  async function failureAt(status: number, contentType: string, body: string) {
    const server = createServer((_incoming, response) => {
      response.writeHead(status, { "content-type": contentType }).end(body);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const patient = await startContract({ ...subjects.google, model }, { responseBytesMax: 64_000_000 });
    const there = subjects.google.credential({ url: `http://127.0.0.1:${address.port}` }, "a-key");
    try {
      return await failureOf(patient.provider.generate(there, patient.request("hi", {}), never()));
    } finally {
      server.closeAllConnections();
      server.close();
      await patient.close();
    }
  }

  test.each([
    [200, "text/html", "<html>Sign in</html>"],
    [200, "text/event-stream", "data: {oops\n\n"],
    [200, "text/event-stream", 'data: {"candidates":"none"}\n\n'],
    [500, "application/json", "{oops"],
  ])("fails to answer with %i, %s, %j", async (status, contentType, body) => {
    expect(await failureAt(status, contentType, body)).toMatchObject({ code: "SERVER_ERROR" });
  });

  test("is given up when one event has no end, long before the response's own bound", async () => {
    const failure = await failureAt(200, "text/event-stream", `data: ${"x".repeat(5_000_000)}`);
    expect(failure).toMatchObject({ code: "RESPONSE_TOO_LARGE", retryable: false });
  });
});
