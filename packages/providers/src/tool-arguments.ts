import type { JsonObject } from "./json.ts";
import type { ToolCall } from "./port.ts";

/** For wires that carry arguments as an object. Ones that the model got wrong go back as none: the error result says what was wrong. */
export function argumentsOf(call: ToolCall): JsonObject {
  try {
    const value: unknown = JSON.parse(call.arguments);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}
