import { z } from "zod";
import type { ToolChoice } from "../answer/ask.ts";
import { hasOpenObject, hasOptionalProperty } from "../answer/closed-schema.ts";

export const jsonSchema = z.record(z.string(), z.unknown());

/** A function's name, as chat completions and responses take it. */
export const functionName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, "1 to 64 letters, digits, '_' or '-'");

/** What `strict` asks of a schema; null: it keeps to it. */
export function strictSchemaProblem(schema: unknown): string | null {
  if (hasOpenObject(schema)) return "'additionalProperties' is required to be supplied and to be false";
  if (hasOptionalProperty(schema))
    return "'required' is required to be an array including every key in properties";
  return null;
}

/** What is wrong with how tools are asked for; null: nothing. */
export function toolChoiceProblem(request: {
  readonly names: readonly string[];
  readonly choice: ToolChoice | null;
  readonly saysParallel: boolean;
}): string | null {
  const { choice, names } = request;
  if (names.length === 0) {
    if (choice !== null) return "'tool_choice' is only allowed when 'tools' are specified";
    return request.saysParallel ? "'parallel_tool_calls' is only allowed when 'tools' are specified" : null;
  }
  return choice?.kind === "tool" && !names.includes(choice.name)
    ? `tool_choice: no function is named '${choice.name}'`
    : null;
}

/**
 * JSON mode without a schema is refused by the real API when no message speaks of JSON: models then write spaces for
 * ever.
 */
export function jsonModeProblem(texts: readonly string[]): string | null {
  return texts.some((text) => /json/i.test(text))
    ? null
    : "'messages' must contain the word 'json' in some form, to use JSON mode without a schema";
}

/** What a mode word of `tool_choice` means. */
export function choiceOf(mode: "none" | "auto" | "required"): ToolChoice {
  return { kind: mode === "required" ? "any" : mode };
}
