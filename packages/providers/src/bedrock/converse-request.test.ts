import { describe, expect, test } from "vitest";
import { InvalidRequest } from "../adapter.ts";
import type { GenerateRequest, Message } from "../port.ts";
import { request } from "../testing/providers-fixture.ts";
import { converseRequest } from "./converse-request.ts";

const claude = "anthropic.claude-haiku-4-5-20251001-v1:0";
const nova = "amazon.nova-lite-v1:0";
const cachePoint = { cachePoint: { type: "default" } };
const weather = { name: "weather", description: "", parameters: { type: "object", properties: {} } };

const user = (text: string): Message => ({ role: "user", content: [{ type: "text", text }] });
const call = { id: "call_1", name: "weather", arguments: '{"city":"Rome"}' };
const called: Message = { role: "assistant", text: "", toolCalls: [call], continuation: null };
const answered = (text: string, isError = false): Message => ({
  role: "tool",
  results: [{ callId: "call_1", name: "weather", text, isError }],
});

function built(messages: readonly Message[], more: Partial<GenerateRequest> = {}) {
  return converseRequest(request("", { model: nova, messages, ...more }));
}

describe("the conversation", () => {
  test("alternates: what one role says in a row is one message, and what says nothing is left out", () => {
    const silent: Message = { role: "assistant", text: " ", toolCalls: [], continuation: null };
    const { messages } = built(
      [user("one"), silent, user(" "), user("two"), called, answered("22"), user("three")],
      {
        tools: [weather],
      },
    );
    expect(messages).toEqual([
      { role: "user", content: [{ text: "one" }, { text: "two" }] },
      {
        role: "assistant",
        content: [{ toolUse: { toolUseId: "call_1", name: "weather", input: { city: "Rome" } } }],
      },
      {
        role: "user",
        content: [{ toolResult: { toolUseId: "call_1", content: [{ text: "22" }] } }, { text: "three" }],
      },
    ]);
  });

  test("names documents apart over all of it, without a dot", () => {
    const pdf = { type: "pdf", base64: "JVBERg==" } as const;
    const told: Message = { role: "user", content: [{ type: "text", text: "These." }, pdf, pdf] };
    const yes: Message = { role: "assistant", text: "Yes.", toolCalls: [], continuation: null };
    const { messages } = built([told, yes, told]);
    const names = (messages ?? []).flatMap(({ content = [] }) =>
      content.flatMap((block) => block.document?.name ?? []),
    );
    expect(names).toEqual(["Document 1", "Document 2", "Document 3", "Document 4"]);
  });

  test("tells a failed tool's result as that to models that take it, and an empty one in a word", () => {
    const resultFor = (model: string, message: Message) =>
      built([user("hi"), called, message], { model, tools: [weather] }).messages?.[2]?.content?.[0]
        ?.toolResult;
    expect(resultFor(claude, answered("no such city", true))).toMatchObject({ status: "error" });
    expect(resultFor("meta.llama3-3-70b-instruct-v1:0", answered("no such city", true))).not.toHaveProperty(
      "status",
    );
    expect(resultFor(claude, answered(""))).toMatchObject({ content: [{ text: "(nothing)" }] });
  });

  test("takes signed and hidden thoughts back before what was said, of Bedrock only", () => {
    const data = [{ text: "Hm.", signature: "c2ln" }, { redactedBase64: "AAE=" }];
    const thoughtful = (provider: "bedrock" | "anthropic"): Message => ({
      role: "assistant",
      text: "Let me look.",
      toolCalls: [call],
      continuation: { provider, data },
    });
    const contentOf = (message: Message) =>
      built([user("hi"), message, answered("22")], { tools: [weather] }).messages?.[1]?.content;
    expect(contentOf(thoughtful("bedrock"))).toMatchObject([
      { reasoningContent: { reasoningText: { text: "Hm.", signature: "c2ln" } } },
      { reasoningContent: { redactedContent: Buffer.from([0, 1]) } },
      { text: "Let me look." },
      { toolUse: { toolUseId: "call_1" } },
    ]);
    expect(contentOf(thoughtful("anthropic"))).toMatchObject([{ text: "Let me look." }, { toolUse: {} }]);
  });

  test.each([
    ["the choice is none", { tools: [weather], toolChoice: "none" as const }],
    ["none is offered", { tools: [] }],
  ])("is told as text, without tools, when %s", (_name, more) => {
    const input = built([user("hi"), called, answered("22"), called, answered("gone", true)], more);
    expect(input).not.toHaveProperty("toolConfig");
    const answeredText = '(The tool weather was called with {"city":"Rome"}.)';
    expect(input.messages?.map(({ content }) => content)).toEqual([
      [{ text: "hi" }],
      [{ text: answeredText }],
      [{ text: "(The tool weather answered: 22)" }],
      [{ text: answeredText }],
      [{ text: "(The tool weather failed: gone)" }],
    ]);
  });

  test.each([
    ["a model without a name", { model: "" }],
    ["a first message of blanks", { messages: [user(" \n")] }],
  ])("%s is refused before anything is sent", (_name, more) => {
    expect(() => built([user("hi")], more)).toThrow(InvalidRequest);
  });
});

describe("the prompt cache", () => {
  test("ends system prompt and conversation for a model that has it, once tools make rounds likely", () => {
    const input = built([user("hi")], { model: claude, system: "Be brief.", tools: [weather] });
    expect(input.system).toEqual([{ text: "Be brief." }, cachePoint]);
    expect(input.messages?.at(-1)?.content).toEqual([{ text: "hi" }, cachePoint]);
  });

  test("ends a system prompt that many calls share, and not what is asked of each", () => {
    const input = built([user("hi")], { model: claude, system: "Be brief.", cachePrompt: true });
    expect(input.system).toEqual([{ text: "Be brief." }, cachePoint]);
    expect(input.messages?.at(-1)?.content).toEqual([{ text: "hi" }]);
  });

  test.each([
    ["without tools", { model: claude }],
    ["of a model without it", { model: nova, tools: [weather] }],
  ])("is left alone in a request %s", (_name, more) => {
    expect(JSON.stringify(built([user("hi")], { system: "Be brief.", ...more }))).not.toContain("cachePoint");
  });
});

describe("a response schema", () => {
  const responseSchema = { type: "object", properties: { title: { type: "string", minLength: 3 } } };

  test("goes natively, closed, to a model that has structured output, beside tools", () => {
    const input = built([user("hi")], { model: claude, responseSchema, tools: [weather] });
    const told = input.outputConfig?.textFormat?.structure?.jsonSchema?.schema ?? "";
    expect(JSON.parse(told)).toMatchObject({ type: "object", additionalProperties: false });
    expect(input.system).toBeUndefined();
    expect(input.toolConfig?.tools).toHaveLength(1);
  });

  test("goes whole into the system prompt of another, after its own", () => {
    const input = built([user("hi")], { system: "Be brief.", responseSchema });
    expect(input.outputConfig).toBeUndefined();
    expect(input.system?.[0]?.text).toMatch(/^Be brief\.\n\n/);
    expect(input.system?.[0]?.text).toContain(JSON.stringify(responseSchema));
  });
});
