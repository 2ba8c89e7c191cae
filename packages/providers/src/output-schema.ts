import { z } from "zod";
import type { JsonObject } from "./json.ts";
import { within } from "./within.ts";

export type OutputSchema =
  | { readonly kind: "usable"; readonly check: (text: string) => OutputCheck }
  | { readonly kind: "unusable"; readonly problem: string };

export type OutputCheck =
  | { readonly kind: "valid"; readonly json: unknown }
  | { readonly kind: "invalid"; readonly problem: string };

/** Of the clock. Reading a schema and checking an answer take well under a millisecond; what needs this long on a busy machine is an attack or a mistake. */
const limitMs = 250;
/** Of one schema: each holds the whole process up, and a round of tool calls may bring 64. The second may be the machine's fault. */
const slowChecksMax = 2;
const problemsMax = 5;

const jsonSchemaObject = z.custom<z.core.JSONSchema.JSONSchema>(
  (value) => typeof value === "object" && value !== null && "type" in value && value.type === "object",
);

/** Prepares the check of answers against a JSON schema of type object. `problem` is a sentence for the schema's author. */
export function compileOutputSchema(schema: JsonObject): OutputSchema {
  const parsed = jsonSchemaObject.safeParse(demanding(schema));
  if (!parsed.success) return { kind: "unusable", problem: "its type must be object" };
  let validator: z.ZodType;
  try {
    const built = within(limitMs, () => z.fromJSONSchema(parsed.data));
    if (built.kind === "too_slow") return { kind: "unusable", problem: "it is too complex" };
    validator = built.value;
  } catch (error) {
    return { kind: "unusable", problem: error instanceof Error ? error.message : String(error) };
  }
  let slowChecks = 0;
  return {
    kind: "usable",
    check(text) {
      if (slowChecks === slowChecksMax) return tooSlow;
      const checked = checkText(validator, text);
      if (checked === tooSlow) slowChecks += 1;
      return checked;
    },
  };
}

const tooSlow: OutputCheck = { kind: "invalid", problem: "checking it took too long" };

function checkText(validator: z.ZodType, text: string): OutputCheck {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: "invalid", problem: "it is not JSON" };
  }
  const checked = within(limitMs, () => validator.safeParse(json));
  if (checked.kind === "too_slow") return tooSlow;
  if (checked.value.success) return { kind: "valid", json };
  const problems = checked.value.error.issues
    .slice(0, problemsMax)
    .map((issue) => `${issue.path.join(".") || "the answer"}: ${issue.message}`);
  return { kind: "invalid", problem: problems.join("; ") };
}

const schemaMaps = ["properties", "patternProperties", "$defs", "definitions"] as const;
const schemaLists = ["anyOf", "oneOf", "allOf", "prefixItems"] as const;
const schemaPlaces = ["items", "additionalProperties", "not", "contains", "propertyNames"] as const;

/**
 * Zod's reading of a JSON schema forgives a missing property when `properties` does not name it or gives it a default. A JSON schema
 * does not: `required` means present. So every required property is named here, and defaults, which constrain nothing, are left out.
 */
function demanding(schema: JsonObject): JsonObject {
  const { default: _default, ...result }: { [key: string]: unknown } = schema;
  if (Array.isArray(schema.required)) {
    const named = schema.required.filter((name) => typeof name === "string").map((name) => [name, {}]);
    result.properties = {
      ...Object.fromEntries(named),
      ...(isObject(schema.properties) ? schema.properties : {}),
    };
  }
  for (const key of schemaMaps) {
    const map = result[key];
    if (isObject(map)) {
      result[key] = Object.fromEntries(
        Object.entries(map).map(([name, value]) => [name, demandingIfSchema(value)]),
      );
    }
  }
  for (const key of schemaLists) {
    const list = result[key];
    if (Array.isArray(list)) result[key] = list.map(demandingIfSchema);
  }
  for (const key of schemaPlaces) {
    if (isObject(result[key])) result[key] = demandingIfSchema(result[key]);
  }
  return result;
}

function demandingIfSchema(value: unknown): unknown {
  return isObject(value) ? demanding(value) : value;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
