import { describe, expect, test } from "vitest";
import type { JsonObject } from "./json.ts";
import { compileOutputSchema } from "./output-schema.ts";

function check(schema: JsonObject, answer: unknown) {
  const compiled = compileOutputSchema(schema);
  if (compiled.kind === "unusable") throw new Error(compiled.problem);
  return compiled.check(JSON.stringify(answer));
}

const cases: readonly (readonly [name: string, schema: JsonObject, good: unknown, bad: unknown])[] = [
  ["types and bounds", object({ n: { type: "integer", minimum: 3 } }, ["n"]), { n: 3 }, { n: 2 }],
  ["closed objects", { ...object({ n: {} }), additionalProperties: false }, { n: 1 }, { n: 1, m: 2 }],
  ["required properties", object({ n: { type: "string" } }, ["n"]), { n: "" }, {}],
  ["required properties that are not described", object({}, ["n"]), { n: null }, {}],
  [
    "required properties with a default",
    object({ n: { type: "string", default: "x" } }, ["n"]),
    { n: "" },
    {},
  ],
  ["enums", object({ n: { enum: ["a", 3] } }), { n: 3 }, { n: 4 }],
  ["null among types", object({ n: { type: ["string", "null"] } }, ["n"]), { n: null }, { n: 1 }],
  [
    "list lengths",
    object({ n: { type: "array", items: { type: "number" }, maxItems: 2 } }),
    { n: [1, 2] },
    { n: [1, 2, 3] },
  ],
  ["patterns", object({ n: { type: "string", pattern: "^a+$" } }), { n: "aaa" }, { n: "ab" }],
  ["formats", object({ n: { type: "string", format: "email" } }), { n: "ada@example.com" }, { n: "ada" }],
  [
    "references",
    {
      ...object({ n: { $ref: "#/$defs/node" } }),
      $defs: { node: object({ next: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] } }, ["next"]) },
    },
    { n: { next: { next: null } } },
    { n: { next: {} } },
  ],
  [
    "alternatives that must all hold",
    {
      type: "object",
      allOf: [
        { type: "object", properties: { a: { type: "string" } } },
        { type: "object", required: ["a"] },
      ],
    },
    { a: "x" },
    {},
  ],
  [
    "properties that are named like keywords",
    object({ default: { type: "number" }, required: { type: "number" } }, ["default", "required"]),
    { default: 1, required: 2 },
    { required: 2 },
  ],
];

function object(properties: JsonObject, required?: readonly string[]): JsonObject {
  return { type: "object", properties, ...(required === undefined ? {} : { required }) };
}

describe("an answer is checked against its JSON schema", () => {
  test.each(cases)("%s", (_name, schema, good, bad) => {
    expect(check(schema, good)).toEqual({ kind: "valid", json: good });
    expect(check(schema, bad).kind).toBe("invalid");
  });

  test("the checked value is the answer as it was, without defaults filled in", () => {
    const schema = object({ n: { type: "string", default: "x" } });
    expect(check(schema, { other: 1 })).toEqual({ kind: "valid", json: { other: 1 } });
  });

  test("what is not JSON is invalid, and problems name the place", () => {
    const schema = object({ list: { type: "array", items: { type: "number" } } }, ["list"]);
    const compiled = compileOutputSchema(schema);
    if (compiled.kind === "unusable") throw new Error(compiled.problem);
    expect(compiled.check("I think that ...")).toEqual({ kind: "invalid", problem: "it is not JSON" });
    expect(check(schema, { list: [1, "two"] })).toMatchObject({ problem: expect.stringContaining("list.1") });
  });

  test.each([
    ["not an object", { type: "string" }],
    ["a keyword that cannot be checked", { type: "object", if: {}, else: {} }],
    ["a broken pattern", object({ n: { type: "string", pattern: "(" } })],
    ["a reference to elsewhere", object({ n: { $ref: "https://example.com/x" } })],
    ["an unknown type", object({ n: { type: "date" } })],
  ])("a schema with %s is unusable before any call is made", (_name, schema) => {
    expect(compileOutputSchema(schema).kind).toBe("unusable");
  });

  test("a pattern that backtracks for ever cannot hold up the process", () => {
    const schema = object({ n: { type: "string", pattern: "^(a+)+$" } });
    expect(check(schema, { n: `${"a".repeat(60)}!` })).toEqual({
      kind: "invalid",
      problem: "checking it took too long",
    });
  });

  test("a schema whose checks took too long twice is checked no more, whatever comes", () => {
    const compiled = compileOutputSchema(object({ n: { type: "string", pattern: "^(a+)+$" } }));
    if (compiled.kind === "unusable") throw new Error(compiled.problem);
    const [slow, fit] = [`{"n":"${"a".repeat(60)}!"}`, '{"n":"aaa"}'];
    expect(compiled.check(fit).kind).toBe("valid");
    expect(compiled.check(slow).kind).toBe("invalid");
    expect(compiled.check(fit).kind).toBe("valid");
    expect(compiled.check(slow).kind).toBe("invalid");
    expect(compiled.check(fit)).toEqual({ kind: "invalid", problem: "checking it took too long" });
  });
});
