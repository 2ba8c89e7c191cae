import { describe, expect, test } from "vitest";
import { z } from "zod";
import { sampleFromSchema } from "./sample-from-schema.ts";

const schemas: Readonly<Record<string, z.core.JSONSchema.JSONSchema>> = {
  "nested objects and lists": {
    type: "object",
    properties: {
      name: { type: "string", minLength: 20 },
      tags: { type: "array", items: { type: "string", maxLength: 3 }, minItems: 4 },
      size: {
        type: "object",
        properties: { width: { type: "number", exclusiveMinimum: 2 } },
        required: ["width"],
      },
    },
    required: ["name", "tags", "size"],
    additionalProperties: false,
  },
  "enums, constants and unions": {
    type: "object",
    properties: {
      color: { enum: ["red", "green"] },
      kind: { const: "a" },
      either: { anyOf: [{ type: "integer", minimum: 5 }, { type: "null" }] },
      maybe: { type: ["string", "null"] },
    },
    required: ["color", "kind", "either", "maybe"],
  },
  formats: {
    type: "object",
    properties: {
      mail: { type: "string", format: "email" },
      at: { type: "string", format: "date-time" },
      id: { type: "string", format: "uuid" },
    },
    required: ["mail", "at", "id"],
  },
  "a schema that refers to itself": {
    type: "object",
    properties: { node: { $ref: "#/$defs/node" } },
    required: ["node"],
    $defs: {
      node: {
        type: "object",
        properties: {
          value: { type: "integer", maximum: -3 },
          next: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] },
        },
        required: ["value", "next"],
      },
    },
  },
};

describe("a made-up value", () => {
  test.each(Object.keys(schemas))("satisfies %s", (name) => {
    const schema = schemas[name] ?? {};
    const value = sampleFromSchema(schema);
    const result = z.fromJSONSchema(schema).safeParse(value);
    expect(result.error?.issues ?? []).toEqual([]);
  });
});
