import type { JsonValue, StartInput } from "./definition.ts";
import { inputTypeMismatch } from "./input-type.ts";
import type { Plan } from "./plan.ts";
import { excerpt, pathText, quotedList } from "./problem.ts";
import { describe, readJson } from "./read-json.ts";
import { recordOf } from "./record.ts";

export interface InputProblem {
  /** Keys and indexes from the input's root. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type ParseInputResult =
  /** One key per declared input; one that was left out and has no default is null. A copy, without a prototype. */
  | { readonly ok: true; readonly input: Readonly<Record<string, JsonValue>> }
  | { readonly ok: false; readonly problems: readonly InputProblem[] };

/**
 * Judges what a caller sent against the start block's inputs, and reports everything that is wrong at once.
 *
 * No input at all (undefined) counts as `{}`. A default stands in for an input that was left out, required or not. An
 * input that is null was not left out: only type `json` takes null. Nothing is coerced, and unknown keys are refused.
 */
export function parseInput(plan: Plan, input: unknown): ParseInputResult {
  const start = plan.blocks[plan.startId];
  if (start?.type !== "start") {
    throw new Error(`The plan's start block "${plan.startId}" is missing.`);
  }
  const declared = start.block.inputs;
  const read = readJson(input === undefined ? {} : input);
  const given = read.value;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    const message = `The input must be an object with a key for each input, not ${describe(input)}.`;
    return { ok: false, problems: [{ path: [], message }] };
  }

  const problems: InputProblem[] = read.ok
    ? []
    : read.faults.map((fault) => ({ path: fault.path, message: `${pathText(fault.path)} ${fault.message}` }));
  const faultyKeys = new Set(problems.map((problem) => problem.path[0]));
  const names = new Set(declared.map((one) => one.name));
  for (const key of Object.keys(given)) {
    if (!names.has(key)) {
      problems.push({ path: [key], message: unknownKey(key, declared) });
    }
  }

  const parsed: [string, JsonValue][] = [];
  for (const { name, type, required, default: fallback } of declared) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (faultyKeys.has(name)) {
      continue;
    }
    if (value === undefined) {
      if (fallback === undefined && required) {
        problems.push({ path: [name], message: `${name} is required.` });
      }
      parsed.push([name, fallback ?? null]);
      continue;
    }
    const wanted = inputTypeMismatch(type, value);
    if (wanted !== null) {
      problems.push({ path: [name], message: `${name} must be ${wanted}, not ${describe(value)}.` });
    }
    parsed.push([name, value]);
  }
  return problems.length === 0 ? { ok: true, input: recordOf(parsed) } : { ok: false, problems };
}

function unknownKey(key: string, declared: readonly StartInput[]): string {
  if (declared.length === 0) {
    return `"${excerpt(key)}" is not an input: this workflow takes none.`;
  }
  return `"${excerpt(key)}" is not an input of this workflow, which takes ${quotedList(declared.map((one) => one.name))}.`;
}
