import type { JsonSchema } from "./ask.ts";

/**
 * Whether some object of a schema may have properties that it does not name: providers refuse that in structured
 * output.
 */
export function hasOpenObject(schema: unknown): boolean {
  return someObject(schema, (object) => object.additionalProperties !== false);
}

/** Whether some object of a schema has a property that it does not require: strict modes refuse that. */
export function hasOptionalProperty(schema: unknown): boolean {
  return someObject(schema, (object) => {
    const required: readonly unknown[] = Array.isArray(object.required) ? object.required : [];
    return Object.keys({ ...asSchema(object.properties) }).some((name) => !required.includes(name));
  });
}

function someObject(schema: unknown, test: (object: JsonSchema) => boolean): boolean {
  if (Array.isArray(schema)) return schema.some((part) => someObject(part, test));
  const object = asSchema(schema);
  if (object === null) return false;
  if (object.type === "object" && test(object)) return true;
  return Object.values(object).some((part) => someObject(part, test));
}

function asSchema(value: unknown): JsonSchema | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
}
