import type { Block, JsonValue } from "@gantry/workflow";
import { describe, expect, test } from "vitest";
import { promptBytes, promptBytesOf } from "./prompt-bytes.ts";
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
      promptBytes({ prompt: "Grüße", system: '¿{"b":"…"}?', responseSchema }),
    );
  });
});
