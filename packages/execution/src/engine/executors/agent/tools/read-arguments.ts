import { compileOutputSchema } from "@gantry/providers";
import { engineLimits } from "../../../limits.ts";
import { sealJson } from "../../../seal-json.ts";
import type { ReadArguments } from "./tool.ts";

export type ArgumentsReader =
  | { readonly ok: true; readonly read: (text: string) => ReadArguments }
  /** `problem` continues "the parameters cannot be used: ". */
  | { readonly ok: false; readonly problem: string };

/** Prepares the judgement of arguments against a tool's parameters, a JSON schema of type object. */
export function argumentsReader(parameters: { readonly [key: string]: unknown }): ArgumentsReader {
  const schema = compileOutputSchema(parameters);
  if (schema.kind === "unusable") return { ok: false, problem: schema.problem };
  return {
    ok: true,
    read(text) {
      const checked = schema.check(orNone(text));
      return checked.kind === "valid" ? sealedObject(text) : { ok: false, problem: checked.problem };
    },
  };
}

/** Reads any object. Frozen, and not nested deeper than what comes after can follow. */
export function sealedObject(text: string): ReadArguments {
  let value: unknown;
  try {
    value = JSON.parse(orNone(text));
  } catch {
    return { ok: false, problem: "it is not JSON" };
  }
  const { runDataCharsMax, jsonDepthMax } = engineLimits;
  const sealed = sealJson(value, { charsMax: runDataCharsMax, depthMax: jsonDepthMax });
  if (!sealed.ok) return { ok: false, problem: "it is nested too deeply" };
  const args = sealed.value;
  if (typeof args !== "object" || args === null || Array.isArray(args))
    return { ok: false, problem: "it is not an object" };
  return { ok: true, args };
}

/** A model that calls a tool without parameters may write nothing at all. */
function orNone(text: string): string {
  return text.trim() === "" ? "{}" : text;
}
