import { toStrictJsonSchema } from "openai/lib/transform";
import type { JsonObject } from "../json.ts";

/**
 * A schema for strict mode, which takes closed objects of required properties and few keywords; null for one that says
 * what strict mode cannot: an optional property, a map, a rule beyond those keywords.
 */
export function strictSchema(schema: JsonObject): JsonObject | null {
  // The SDK leaves it as it is, and the API refuses it.
  if (JSON.stringify(schema).includes('"oneOf":')) return null;
  try {
    return { ...toStrictJsonSchema(structuredClone(schema)) };
  } catch {
    return null;
  }
}
