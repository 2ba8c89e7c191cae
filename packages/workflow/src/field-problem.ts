import type { JsonValue } from "./definition.ts";
import type { Problem, ProblemCode } from "./plan.ts";
import { excerpt } from "./problem.ts";

/** What is wrong inside one block whose shape is right. `path` is relative to the block; `says` continues its name. */
export interface FieldProblem {
  readonly code: ProblemCode;
  readonly path: Problem["path"];
  readonly says: string;
}

/** Texts without a character are the schema's to refuse; these hold spaces and line ends only. */
export function blank(
  path: FieldProblem["path"],
  text: string,
  called = String(path.at(-1)),
): readonly FieldProblem[] {
  return text.trim() === "" ? [{ code: "MISSING_FIELD", path, says: `has a blank ${called}.` }] : [];
}

export function repeated(values: readonly string[]): readonly { index: number; value: string }[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [{ index, value }] : []));
}

/** RFC 9110, section 5.6.2: token. */
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export function headerProblems(
  path: FieldProblem["path"],
  headers: Readonly<Record<string, string>>,
): readonly FieldProblem[] {
  return Object.keys(headers)
    .filter((name) => !headerName.test(name))
    .map((name) => ({
      code: "INVALID_FIELD",
      path: [...path, name],
      says: `has a header named "${excerpt(name)}": only letters, digits and !#$%&'*+-.^_\`|~ can be in a header's name.`,
    }));
}

/** `wanted` begins what is needed: `a responseSchema that is`. */
export function schemaProblems(
  path: FieldProblem["path"],
  schema: Readonly<Record<string, JsonValue>>,
  wanted: string,
): readonly FieldProblem[] {
  return Object.hasOwn(schema, "type") && schema["type"] === "object"
    ? []
    : [
        {
          code: "INVALID_FIELD",
          path,
          says: `needs ${wanted} a JSON schema with "type": "object".`,
        },
      ];
}
