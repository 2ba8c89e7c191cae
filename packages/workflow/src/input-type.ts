import type { JsonValue, StartInput } from "./definition.ts";

const expected: Readonly<Record<Exclude<StartInput["type"], "json">, string>> = {
  string: "a string",
  number: "a number",
  boolean: "true or false",
};

/** What a value should have been to fit an input's type, or null when it fits. Nothing is coerced: `"1"` is no number. */
export function inputTypeMismatch(type: StartInput["type"], value: JsonValue): string | null {
  return type === "json" || typeof value === type ? null : expected[type];
}
