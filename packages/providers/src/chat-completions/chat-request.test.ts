import { describe, expect, test } from "vitest";
import { InvalidRequest } from "../adapter.ts";
import type { GenerateRequest, ToolDefinition } from "../port.ts";
import { request } from "../testing/providers-fixture.ts";
import { chatRequest } from "./chat-request.ts";
import type { ChatDialect } from "./dialect.ts";

const dialect: ChatDialect = {
  provider: "vllm",
  name: "Example",
  path: "/chat/completions",
  tokenLimit: () => "max_tokens",
  responseSchema: "strict_or_loose",
  pdf: false,
  streamOptions: true,
};

const closable = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
const optional = { type: "object", properties: { a: { type: "string" } } };
const tool: ToolDefinition = { name: "clock", description: "The time.", parameters: { type: "object" } };

function body(more: Partial<GenerateRequest>, differently: Partial<ChatDialect> = {}) {
  return chatRequest({ ...dialect, ...differently }, request("hi", { model: "m-1", ...more }));
}

function systemOf(sent: ReturnType<typeof body>): string {
  const [first] = sent.messages;
  return first?.role === "system" ? first.content : "";
}

describe("a request for a chat completion", () => {
  test("says no more than it must", () => {
    expect(body({})).toEqual({
      model: "m-1",
      messages: [{ role: "user", content: "hi" }],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 1_000,
    });
  });

  test("chooses among tools only where there are any", () => {
    expect(body({ toolChoice: "none" })).not.toHaveProperty("tool_choice");
    expect(body({ tools: [tool], toolChoice: "none" })).toMatchObject({
      tools: [{ type: "function", function: tool }],
      tool_choice: "none",
    });
  });

  test("asks for a schema strictly where strict mode can say it, and loosely where not", () => {
    expect(body({ responseSchema: closable }).response_format?.json_schema).toEqual({
      name: "answer",
      strict: true,
      schema: { ...closable, additionalProperties: false },
    });
    expect(body({ responseSchema: optional }).response_format?.json_schema).toEqual({
      name: "answer",
      strict: false,
      schema: optional,
    });
  });

  test("leaves a schema as it is where the server keeps to any", () => {
    const sent = body({ responseSchema: closable }, { responseSchema: "any" });
    expect(sent.response_format?.json_schema).toEqual({ name: "answer", schema: closable });
  });

  test("tells the schema in the system text beside tools, and where the server takes none", () => {
    const beside = body({ responseSchema: optional, tools: [tool], system: "Be brief." });
    const without = body({ responseSchema: optional }, { responseSchema: "prompt" });
    for (const sent of [beside, without]) {
      expect(sent).not.toHaveProperty("response_format");
      expect(systemOf(sent)).toContain(JSON.stringify(optional));
    }
    expect(systemOf(beside)).toMatch(/^Be brief\.\n\n/);
  });

  test("refuses a PDF where none is taken, in a sentence that names the server", () => {
    const content = [{ type: "pdf", base64: "JVBERg==" }] as const;
    const messages = [{ role: "user", content }] as const;
    expect(() => body({ messages })).toThrow(new InvalidRequest("Example does not take PDF documents."));
    expect(body({ messages }, { pdf: true }).messages[0]).toMatchObject({
      content: [{ type: "file", file: { file_data: "data:application/pdf;base64,JVBERg==" } }],
    });
  });

  test("brings thoughts back under their name beside calls, and only to the provider that had them", () => {
    const toolCalls = [{ id: "a", name: "clock", arguments: "{}" }];
    const data = { field: "reasoning_content", text: "Hm." };
    const said = (more: object) => {
      const message = { role: "assistant", text: "", toolCalls, ...more } as const;
      return body({ messages: [{ continuation: { provider: "vllm", data }, ...message }] }).messages[0];
    };
    expect(said({})).toMatchObject({ content: null, reasoning_content: "Hm." });
    expect(said({ toolCalls: [] })).toEqual({ role: "assistant", content: "" });
    for (const continuation of [null, { provider: "groq", data }, { provider: "vllm", data: "other" }]) {
      expect(said({ continuation })).not.toHaveProperty("reasoning_content");
    }
  });
});
