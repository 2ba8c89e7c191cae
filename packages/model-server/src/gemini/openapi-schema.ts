import type { JsonSchema } from "../answer/ask.ts";

const bounds = new Set(["minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"]);

/**
 * Gemini's own kind of schema as a JSON schema: types in capitals become small, `nullable` becomes a type, and bounds
 * that came as strings (64-bit integers in Google's JSON) become numbers. A JSON schema passes through unchanged.
 */
export function jsonSchemaOf(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema)
    .filter(([name]) => name !== "nullable" && name !== "propertyOrdering")
    .map(([name, value]) => [name, converted(name, value)]);
  const whole: JsonSchema = Object.fromEntries(entries);
  return schema.nullable === true && typeof whole.type === "string"
    ? { ...whole, type: [whole.type, "null"] }
    : whole;
}

function converted(name: string, value: unknown): unknown {
  if (name === "type" && typeof value === "string") return value.toLowerCase();
  if (bounds.has(name) && typeof value === "string") return Number(value);
  if (name === "properties" || name === "$defs") return mapValues(value, jsonSchemaOf);
  if (name === "items" || name === "additionalProperties")
    return isSchema(value) ? jsonSchemaOf(value) : value;
  if (name === "anyOf" && Array.isArray(value)) {
    return value.map((part: unknown) => (isSchema(part) ? jsonSchemaOf(part) : part));
  }
  return value;
}

function mapValues(value: unknown, convert: (schema: JsonSchema) => JsonSchema): unknown {
  if (!isSchema(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, isSchema(part) ? convert(part) : part]),
  );
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
