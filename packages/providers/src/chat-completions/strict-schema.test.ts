import { describe, expect, test } from "vitest";
import { strictSchema } from "./strict-schema.ts";

const text = { type: "string" };

describe("a schema for strict mode", () => {
  test("has every object closed, deep ones too, and the given one is not touched", () => {
    const inner = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
    const schema = {
      type: "object",
      properties: { list: { type: "array", items: inner } },
      required: ["list"],
    };
    const before = structuredClone(schema);
    expect(strictSchema(schema)).toMatchObject({
      additionalProperties: false,
      properties: { list: { items: { additionalProperties: false } } },
    });
    expect(schema).toEqual(before);
  });

  test.each([
    ["a property that may be missing", { properties: { a: text } }],
    ["a map", { properties: {}, additionalProperties: text }],
    ["alternatives that exclude each other", { properties: { a: { oneOf: [text] } }, required: ["a"] }],
    [
      "names by pattern",
      { properties: { a: { type: "object", patternProperties: { "^x": text } } }, required: ["a"] },
    ],
  ])("cannot say %s", (_what, more) => {
    expect(strictSchema({ type: "object", ...more })).toBeNull();
  });
});
