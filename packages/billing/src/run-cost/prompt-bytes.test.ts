import type { Block, JsonValue } from "@gantry/workflow";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CallContent, promptBytes, promptBytesOf } from "./prompt-bytes.ts";
import { agent, fn, planOf, start } from "./testing/plans.ts";

/** Of block A in a plan where block F comes before it. */
function bytesOf(a: Parameters<typeof agent>[1], variables: Record<string, JsonValue> = {}): number | null {
  const blocks: Block[] = [start(), fn("F"), agent("A", a)];
  const plan = planOf(blocks, ["Start -> F", "F -> A"], variables);
  const block = plan.blocks["A"];
  if (block?.type !== "agent") throw new Error("A is no agent block");
  return promptBytesOf(plan, block);
}

describe("the prompt bytes of a block", () => {
  test("are those of system, prompt and schema together, in UTF-8", () => {
    expect(bytesOf({ prompt: "naïve" })).toBe(6);
    expect(bytesOf({ prompt: "naïve", system: "🦊" })).toBe(10);
    expect(bytesOf({ prompt: "naïve", system: "🦊", responseSchema: { type: "object" } })).toBe(10 + 2 * 17);
  });

  test("count a variable as the text that the call sends: a string as it is, anything else as JSON", () => {
    const variables = { text: "é", list: [1, "é"], flag: true, none: null };
    expect(bytesOf({ prompt: "<variable.text>" }, variables)).toBe(2);
    expect(bytesOf({ prompt: "-<variable.list>-" }, variables)).toBe(2 + '[1,"é"]'.length + 1);
    expect(bytesOf({ prompt: "<variable.flag>", system: "<variable.none>" }, variables)).toBe(8);
    expect(bytesOf({ prompt: "<variable.list[1]>" }, variables)).toBe(2);
  });

  test("count escaped references as the text that they stand for", () => {
    expect(bytesOf({ prompt: "\\<F.result>" })).toBe("<F.result>".length);
  });

  test.each(["<F.result>", "{{TOKEN}}", "<variable.a> and <F.result>"])(
    "are unknown when a text needs the run or its environment: %s",
    (template) => {
      expect(bytesOf({ prompt: template }, { a: 1 })).toBeNull();
      expect(bytesOf({ prompt: "Hi", system: template }, { a: 1 })).toBeNull();
    },
  );

  test("are known where a variable has no value at its path: the block fails before it calls", () => {
    expect(bytesOf({ prompt: "abc<variable.a.b>" }, { a: {} })).toBe(3);
    expect(bytesOf({ prompt: "abc<variable.a.toString>" }, { a: {} })).toBe(3);
  });

  test("count a character by the longer of its two forms, as the tokenizer may see either", () => {
    expect(bytesOf({ prompt: "\u{FDFA}" })).toBe(33);
    expect(bytesOf({ prompt: "ﬁ" })).toBe(3);
  });

  test("count a long text in full", () => {
    expect(bytesOf({ prompt: "x".repeat(199_999) })).toBe(199_999);
    expect(bytesOf({ prompt: "ж".repeat(199_999) })).toBe(399_998);
  });

  test.each([
    ["<variable.a>".repeat(10_000), "x".repeat(1_000_000)],
    ["<variable.a>", "\u{FDFA}".repeat(2_000_000)],
  ])("are counted no further than a model reads, however much the texts grow", (prompt, a) => {
    const bytes = bytesOf({ prompt }, { a });
    expect(bytes).toBeGreaterThan(32_000_000);
    expect(bytes).toBeLessThan(35_000_000);
  });

  test("are those of the call that the plan makes", () => {
    const responseSchema = { type: "object", properties: { ort: { type: "string", description: "Größe" } } };
    expect(bytesOf({ prompt: "Grüße", system: "¿<variable.a>?", responseSchema }, { a: { b: "…" } })).toBe(
      promptBytes({
        system: '¿{"b":"…"}?',
        messages: [{ role: "user", content: [{ type: "text", text: "Grüße" }] }],
        tools: [],
        responseSchema,
      }),
    );
  });

  test("are unknown with an attachment or a tool", () => {
    expect(bytesOf({ prompt: "Hi", attachments: ["data:image/png;base64,aGk="] })).toBeNull();
    expect(
      bytesOf({ prompt: "Hi", tools: [{ type: "mcp", server: { kind: "operator", name: "x" } }] }),
    ).toBeNull();
    expect(bytesOf({ prompt: "Hi", attachments: [], tools: [] })).toBe(2);
  });
});

const text = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: "binary", maxLength: 20 }));
const json = fc.dictionary(text, fc.oneof(text, fc.integer(), fc.array(text, { maxLength: 3 })), {
  maxKeys: 3,
});
const tool = fc.record({ name: text, description: text, parameters: json });
const call = fc.record({ id: text, name: text, arguments: json.map((value) => JSON.stringify(value)) });
const result = fc.record({ callId: text, name: text, text });
const message = fc.oneof(
  fc.record({
    role: fc.constant("user" as const),
    content: fc.array(
      fc.oneof(
        fc.record({ type: fc.constant("text" as const), text }),
        fc.record({ type: fc.constantFrom("image" as const, "pdf" as const) }),
      ),
      { maxLength: 3 },
    ),
  }),
  fc.record({
    role: fc.constant("assistant" as const),
    text,
    toolCalls: fc.array(call, { maxLength: 3 }),
    continuation: fc.option(fc.record({ data: fc.oneof(json, fc.constant(undefined)) })),
  }),
  fc.record({ role: fc.constant("tool" as const), results: fc.array(result, { maxLength: 3 }) }),
);
const content: fc.Arbitrary<CallContent> = fc.record({
  system: fc.option(text),
  messages: fc.array(message, { minLength: 1, maxLength: 5 }),
  tools: fc.array(tool, { maxLength: 3 }),
  responseSchema: fc.option(json),
});

describe("the prompt bytes of a call", () => {
  test("are no fewer than the bytes of everything that it holds, JSON counted twice", () => {
    const one: CallContent = {
      system: "S".repeat(10),
      messages: [
        { role: "user", content: [{ type: "text", text: "é" }] },
        {
          role: "assistant",
          text: "text",
          toolCalls: [{ id: "c1", name: "add", arguments: '{"a":1}' }],
          continuation: { data: ["thought"] },
        },
        { role: "tool", results: [{ callId: "c1", name: "add", text: "result" }] },
      ],
      tools: [{ name: "add", description: "Adds", parameters: { type: "object" } }],
      responseSchema: { type: "object" },
    };
    const toolBytes = JSON.stringify(one.tools[0]).length;
    const framing = 5 * 64;
    expect(promptBytes(one)).toBe(
      10 + 2 + (4 + 11 + 2 + 3 + 14) + (2 + 3 + 6) + 2 * toolBytes + 2 * 17 + framing,
    );
  });

  test("count an image and a PDF by the most tokens that one may have, however small it is", () => {
    const bytesWith = (type: "image" | "pdf") =>
      promptBytes({
        system: null,
        messages: [{ role: "user", content: [{ type }] }],
        tools: [],
        responseSchema: null,
      });
    expect(bytesWith("image")).toBe(50_000);
    expect(bytesWith("pdf")).toBe(1_000_000);
  });

  test("never shrink when anything is added", () => {
    fc.assert(
      fc.property(content, message, tool, json, text, (one, oneMessage, oneTool, schema, more) => {
        const before = promptBytes(one);
        expect(promptBytes({ ...one, messages: [...one.messages, oneMessage] })).toBeGreaterThan(before);
        expect(promptBytes({ ...one, tools: [...one.tools, oneTool] })).toBeGreaterThan(before);
        expect(promptBytes({ ...one, system: `${one.system ?? ""}${more}` })).toBeGreaterThanOrEqual(before);
        expect(promptBytes({ ...one, responseSchema: schema })).toBeGreaterThan(
          promptBytes({ ...one, responseSchema: null }),
        );
      }),
    );
  });

  test("grow with each part that a message gains", () => {
    fc.assert(
      fc.property(content, call, result, text, (one, oneCall, oneResult, more) => {
        const before = promptBytes(one);
        const longer = one.messages.map((each): CallContent["messages"][number] => {
          switch (each.role) {
            case "user":
              return { ...each, content: [...each.content, { type: "text", text: `x${more}` }] };
            case "assistant":
              return { ...each, toolCalls: [...each.toolCalls, oneCall] };
            case "tool":
              return { ...each, results: [...each.results, oneResult] };
          }
        });
        expect(promptBytes({ ...one, messages: longer })).toBeGreaterThan(before);
      }),
    );
  });
});
