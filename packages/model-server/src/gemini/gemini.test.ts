import {
  type Content,
  FunctionCallingConfigMode,
  type GenerateContentConfig,
  type GoogleGenAI,
  Type,
} from "@google/genai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { geminiClient, geminiDriver } from "../testing/drivers/gemini.ts";
import { failureOf, readAll, startTestServer, type TestServer } from "../testing/test-server.ts";
import { describeWire } from "../testing/wire-contract.ts";

describeWire("Gemini", geminiDriver);

const model = "gemini-2.5-flash";
const newer = "gemini-3-pro-preview";
let fixture: TestServer;
let client: GoogleGenAI;
beforeAll(async () => {
  fixture = await startTestServer();
  client = geminiClient(fixture);
});
afterAll(() => fixture.close());

function ask(contents: string | Content[], config: GenerateContentConfig = {}, asked = model) {
  return client.models.generateContent({ model: asked, contents, config });
}

function streamed(contents: string, config: GenerateContentConfig = {}, asked = model) {
  return readAll(client.models.generateContentStream({ model: asked, contents, config }));
}

const weather = {
  functionDeclarations: [
    {
      name: "weather",
      parametersJsonSchema: {
        type: "object",
        properties: { city: { type: "string" } },
        required: ["city"],
      },
    },
  ],
};
const question: Content = {
  role: "user",
  parts: [{ text: "[[tool weather weather]] [[preface Let me look.]] How is it?" }],
};

function resultOf(name: string, output: string, id?: string) {
  return { functionResponse: { name, response: { output }, ...(id === undefined ? {} : { id }) } };
}

describe("an answer of generateContent", () => {
  test("counts the cache's tokens into the prompt, and thoughts apart from the answer", async () => {
    const prompt = "[[usage input=10 output=50 reasoning=20]] [[cache read=100]] hi";
    const expected = {
      promptTokenCount: 110,
      cachedContentTokenCount: 100,
      candidatesTokenCount: 30,
      thoughtsTokenCount: 20,
      totalTokenCount: 160,
    };
    expect((await ask(prompt)).usageMetadata).toEqual(expected);
    expect((await streamed(prompt)).at(-1)?.usageMetadata).toEqual(expected);
  });

  test("says why it ended, and a prompt that the filter caught has no candidate", async () => {
    const cut = await ask("[[tokens 50]] go on", { maxOutputTokens: 7 });
    expect(cut.candidates?.[0]?.finishReason).toBe("MAX_TOKENS");
    expect((await ask("[[refuse]]")).candidates?.[0]?.finishReason).toBe("SAFETY");
    const [caught, ...more] = await streamed("[[filter]] hi");
    expect([caught?.promptFeedback?.blockReason, caught?.candidates, more]).toEqual([
      "PROHIBITED_CONTENT",
      undefined,
      [],
    ]);
  });

  test("tells the type and size of an image and a PDF, and the instructions", async () => {
    const data = Buffer.alloc(70).toString("base64");
    const parts = [
      { text: "What is this?" },
      { inlineData: { mimeType: "image/png", data } },
      { inlineData: { mimeType: "application/pdf", data } },
    ];
    const answer = await ask([{ role: "user", parts }], { systemInstruction: "Be brief." });
    for (const told of ["image/png of 70 bytes", "application/pdf of 70 bytes", "Be brief."])
      expect(answer.text).toContain(told);
  });

  test("keeps to a JSON schema, and to one of Google's own kind", async () => {
    const json = { responseMimeType: "application/json" };
    const jsonSchema = await ask("Rate it", {
      ...json,
      responseJsonSchema: { type: "object", properties: { title: { type: "string" } } },
    });
    expect(jsonSchema.text).toBe('{"title":"example title"}');
    const ownSchema = await ask("Rate it", {
      ...json,
      responseSchema: {
        type: Type.OBJECT,
        properties: { tags: { type: Type.ARRAY, minItems: "3", items: { type: Type.STRING } } },
      },
    });
    expect(JSON.parse(ownSchema.text ?? "")).toEqual({
      tags: ["example tags 1", "example tags 2", "example tags 3"],
    });
    const unasked = await failureOf(ask("Rate it", { responseJsonSchema: { type: "object" } }));
    expect(unasked).toMatchObject({ status: 400 });
  });
});

describe("function calls", () => {
  test("older models give them no id: results belong to them by name and order", async () => {
    const called = await ask([question], { tools: [weather] });
    expect(called.candidates?.[0]?.finishReason).toBe("STOP");
    expect(called.functionCalls).toEqual([
      { name: "weather", args: { city: "example city" } },
      { name: "weather", args: { city: "example city" } },
    ]);
    const modelTurn = called.candidates?.[0]?.content ?? {};
    const parts = [resultOf("weather", "12 degrees"), resultOf("weather", "13 degrees")];
    const history = [question, modelTurn, { role: "user", parts }];
    const answered = await ask(history, { tools: [weather] });
    expect(answered.text).toBe('The tool answered: "12 degrees" The tool answered: "13 degrees"');
    const half = [...history.slice(0, -1), { role: "user", parts: parts.slice(0, 1) }];
    expect(await failureOf(ask(half, { tools: [weather] }))).toMatchObject({ status: 400 });
  });

  test("newer models give ids and a signature, and want the signature back", async () => {
    const chunks = await streamed("[[tool weather weather]] hi", { tools: [weather] }, newer);
    const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
    const calls = parts.filter((part) => part.functionCall !== undefined);
    expect(calls.map((part) => typeof part.thoughtSignature)).toEqual(["string", "undefined"]);
    expect(new Set(calls.map((part) => part.functionCall?.id)).size).toBe(2);

    const results = calls.map((part) => resultOf("weather", "12 degrees", part.functionCall?.id));
    const history = (model: Content["parts"]) => [
      question,
      { role: "model", ...(model === undefined ? {} : { parts: model }) },
      { role: "user", parts: results },
    ];
    expect((await ask(history(calls), { tools: [weather] }, newer)).text).toContain("12 degrees");
    const unsigned = calls.map(({ thoughtSignature: _signature, ...part }) => part);
    const error = await failureOf(ask(history(unsigned), { tools: [weather] }, newer));
    expect(error.message).toContain("missing a thought_signature");
  });

  test("are forced, narrowed and forbidden by the mode", async () => {
    const other = { functionDeclarations: [{ name: "stock" }, ...weather.functionDeclarations] };
    const mode = (functionCallingConfig: object) => ({
      tools: [other],
      toolConfig: { functionCallingConfig },
    });
    const any = mode({ mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: ["weather"] });
    expect((await ask("hi", any)).functionCalls).toMatchObject([{ name: "weather" }]);
    const none = mode({ mode: FunctionCallingConfigMode.NONE });
    expect((await ask("[[tool weather]] hi", none)).functionCalls).toBeUndefined();
  });

  test("go with JSON output on newer models only", async () => {
    const config = { tools: [weather], responseMimeType: "application/json" };
    expect(await failureOf(ask("hi", config))).toMatchObject({ status: 400 });
    expect((await ask("hi", config, newer)).text).toBe("{}");
  });
});

describe("a refusal in Google's shape", () => {
  function errorOf(error: Error): unknown {
    return JSON.parse(error.message);
  }

  test("says when to retry in its details, since no header does", async () => {
    expect(errorOf(await failureOf(ask("[[error 429 retry-after=2.5]]")))).toMatchObject({
      error: {
        code: 429,
        status: "RESOURCE_EXHAUSTED",
        details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "2.5s" }],
      },
    });
  });

  test("has a wrong key as an invalid argument, and an unknown model as not found", async () => {
    expect(errorOf(await failureOf(ask("[[bad-key]]")))).toMatchObject({
      error: { code: 400, status: "INVALID_ARGUMENT", details: [{ reason: "API_KEY_INVALID" }] },
    });
    expect(errorOf(await failureOf(ask("hi", {}, "gemini-unknown")))).toMatchObject({
      error: { code: 404, status: "NOT_FOUND" },
    });
    const path = `/v1beta/models/${model}:generateContent`;
    const byQuery = await fixture.post(`${path}?key=test-key`, "{}");
    const byNothing = await fixture.post(path, "{}");
    expect([byQuery.status, byNothing.status]).toEqual([400, 403]);
    await Promise.all([byQuery.body?.cancel(), byNothing.body?.cancel()]);
  });
});
