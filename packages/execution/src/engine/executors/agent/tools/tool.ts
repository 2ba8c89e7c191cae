import type { ToolDefinition } from "@gantry/providers";
import type { JsonValue } from "@gantry/workflow";
import { engineLimits } from "../../../limits.ts";
import { sealJson } from "../../../seal-json.ts";

export type ToolArguments = { readonly [key: string]: JsonValue };

/** What the model is told: a result, or what went wrong, for it to make something of. */
export interface ToolAnswer {
  readonly text: string;
  readonly isError: boolean;
}

/** Something that a model can call while it answers. */
export interface Tool {
  readonly definition: ToolDefinition;
  /** Judges what the model wrote. */
  readonly read: (text: string) => ReadArguments;
  /** `call`: its number among the tool calls of the block, from 1. Ends early when the block is stopped. */
  readonly run: (args: ToolArguments, call: number) => Promise<ToolAnswer>;
}

export type ReadArguments =
  | { readonly ok: true; readonly args: ToolArguments }
  /** `problem` continues "the arguments do not fit: ". */
  | { readonly ok: false; readonly problem: string };

export function toolError(text: string): ToolAnswer {
  return { text, isError: true };
}

/** A string as it is, anything else as JSON. */
export function valueAnswer(value: unknown, isError = false): ToolAnswer {
  if (typeof value === "string") return { text: value, isError };
  const { runDataCharsMax, jsonDepthMax } = engineLimits;
  const sealed = sealJson(value, { charsMax: runDataCharsMax, depthMax: jsonDepthMax });
  if (!sealed.ok) return toolError(`The result is nested deeper than ${jsonDepthMax} levels.`);
  return { text: JSON.stringify(sealed.value), isError };
}
