import type { StartInput } from "@gantry/workflow";
import { describe, expect, test } from "vitest";
import { initialText, parseInput } from "./input-values.ts";

const inputs: StartInput[] = [
  { name: "topic", type: "string", required: true },
  { name: "count", type: "number", required: false },
  { name: "loud", type: "boolean", required: false },
  { name: "extra", type: "json", required: false, default: { a: 1 } },
];

describe("the form of a workflow's inputs", () => {
  test("begins with the defaults", () => {
    expect(initialText(inputs)).toEqual({ topic: "", count: "", loud: false, extra: '{\n  "a": 1\n}' });
  });

  test("gives each input its own type", () => {
    const text = { topic: "007", count: "0.5", loud: true, extra: "[1, null]" };
    expect(parseInput(inputs, text)).toEqual({
      ok: true,
      input: { topic: "007", count: 0.5, loud: true, extra: [1, null] },
    });
  });

  test("leaves out what is optional and empty, so that the default applies", () => {
    const parsed = parseInput(inputs, { topic: "x", count: "", loud: false, extra: " " });
    expect(parsed).toEqual({ ok: true, input: { topic: "x", loud: false } });
  });

  test("names every problem at once", () => {
    const parsed = parseInput(inputs, { topic: " ", count: "many", loud: false, extra: "{" });
    expect(parsed.ok).toBe(false);
    expect(Object.keys(parsed.ok ? {} : parsed.problems)).toEqual(["topic", "count", "extra"]);
  });
});
