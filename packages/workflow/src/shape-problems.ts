import type { z } from "zod";
import type { JsonValue } from "./definition.ts";
import { blockLabel } from "./outline.ts";
import type { Problem, ProblemCode } from "./plan.ts";
import { excerpt, pathText, problem, quotedList } from "./problem.ts";
import { describe, type JsonFault } from "./read-json.ts";

type Path = readonly (string | number)[];

/** One of the schema's issues as a sentence for the author. `root` is the definition that it was found in. */
export function shapeProblem(issue: z.core.$ZodIssue, root: JsonValue | undefined): Problem {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  const { code, says } = explain(issue, valueAt(root, path), path[0] === "blocks" && path.length > 2);
  return placed(code, path, says, root);
}

/** A place that JSON cannot carry, as a sentence for the author. */
export function faultProblem(fault: JsonFault, root: JsonValue | undefined): Problem {
  return placed("INVALID_SHAPE", fault.path, fault.message, root);
}

/** `says` continues the name of the field: "is missing.", "must be a string, not null." */
function placed(code: ProblemCode, path: Path, says: string, root: JsonValue | undefined): Problem {
  const [list, index] = path;
  if (typeof index !== "number") {
    const subject = path.length === 0 ? "The workflow" : `The workflow's ${pathText(path)}`;
    return problem(code, path, `${subject} ${says}`);
  }
  const within = pathText(path.slice(2));
  const whole = valueAt(root, path.slice(0, 2));
  if (list === "blocks") {
    const id = valueAt(whole, ["id"]);
    const label = blockLabel(whole, index);
    const message = within === "" ? `${label} ${says}` : `${label}: ${within} ${says}`;
    return problem(code, path, message, typeof id === "string" ? id : null);
  }
  const label = `${list === "edges" ? "Edge" : "Variable"} ${index + 1}`;
  return problem(code, path, within === "" ? `${label} ${says}` : `${label}: ${within} ${says}`);
}

function explain(
  issue: z.core.$ZodIssue,
  value: JsonValue | undefined,
  inBlock: boolean,
): { readonly code: ProblemCode; readonly says: string } {
  if (value === undefined && issue.code !== "unrecognized_keys") {
    return { code: inBlock ? "MISSING_FIELD" : "INVALID_SHAPE", says: "is missing." };
  }
  switch (issue.code) {
    case "invalid_type":
      return {
        code: "INVALID_SHAPE",
        says: `must be ${kinds.get(issue.expected) ?? issue.expected}, not ${describe(value)}.`,
      };
    case "too_small":
      if (value === "" || (Array.isArray(value) && value.length === 0)) {
        return { code: "MISSING_FIELD", says: "is empty." };
      }
      return { code: "INVALID_FIELD", says: `must ${amount("at least", issue.minimum, issue.origin)}.` };
    case "too_big":
      return { code: "INVALID_FIELD", says: `must ${amount("at most", issue.maximum, issue.origin)}.` };
    case "invalid_format":
      return { code: "INVALID_FIELD", says: `must be ${issue.message}.` };
    case "invalid_value":
      return { code: "INVALID_FIELD", says: `must be ${orList(issue.values)}.` };
    case "unrecognized_keys":
      return {
        code: "INVALID_SHAPE",
        says: `has fields that do not belong there: ${quotedList(issue.keys)}.`,
      };
    case "invalid_union":
      return {
        code: "INVALID_SHAPE",
        says: "options" in issue ? `must be ${orList(issue.options ?? [])}.` : "is not valid.",
      };
    case "invalid_key":
      return {
        code: "INVALID_FIELD",
        says: `has a name that must be ${issue.issues[0]?.message ?? "another"}.`,
      };
    case "custom":
      return { code: "INVALID_FIELD", says: `must be ${issue.message}.` };
    case "not_multiple_of":
    case "invalid_element":
      return { code: "INVALID_FIELD", says: `is not valid: ${excerpt(issue.message)}.` };
  }
}

/** `a, b or c` */
function orList(values: readonly unknown[]): string {
  const texts = values.map(String);
  const last = texts.pop() ?? "nothing";
  return texts.length === 0 ? last : `${texts.join(", ")} or ${last}`;
}

const kinds: ReadonlyMap<string, string> = new Map([
  ["string", "text"],
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
  ["array", "an array"],
  ["object", "an object"],
  ["record", "an object"],
]);

function amount(bound: "at least" | "at most", count: number | bigint, origin: string): string {
  switch (origin) {
    case "string":
      return `hold ${bound} ${count} characters`;
    case "array":
      return `hold ${bound} ${count} items`;
    default:
      return `be ${bound} ${count}`;
  }
}

function valueAt(root: JsonValue | undefined, path: Path): JsonValue | undefined {
  let value = root;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) {
      return undefined;
    }
    value = Array.isArray(value) ? value[Number(step)] : value[step];
  }
  return value;
}
