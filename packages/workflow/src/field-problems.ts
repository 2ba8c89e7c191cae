import type { Block, BlockOf, JsonValue } from "./definition.ts";
import { inputTypeMismatch } from "./input-type.ts";
import type { Problem, ProblemCode } from "./plan.ts";
import { excerpt } from "./problem.ts";
import { describe } from "./read-json.ts";

/** What is wrong inside one block whose shape is right. `path` is relative to the block; `says` continues its name. */
export interface FieldProblem {
  readonly code: ProblemCode;
  readonly path: Problem["path"];
  readonly says: string;
}

/** RFC 9110, section 5.6.2: token. */
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export function fieldProblems(block: Block): readonly FieldProblem[] {
  switch (block.type) {
    case "start":
      return startProblems(block);
    case "agent":
      return [...blank(["prompt"], block.prompt), ...schemaProblems(block.responseSchema)];
    case "function":
      return blank(["code"], block.code);
    case "http":
      return httpProblems(block);
    case "condition":
      return conditionProblems(block);
    case "response":
      return [];
  }
}

function startProblems(block: BlockOf<"start">): readonly FieldProblem[] {
  const found = repeated(block.inputs.map((input) => input.name)).map(
    ({ index, value }): FieldProblem => ({
      code: "DUPLICATE_NAME",
      path: ["inputs", index, "name"],
      says: `has more than one input called "${value}".`,
    }),
  );
  for (const [index, input] of block.inputs.entries()) {
    const wanted = input.default === undefined ? null : inputTypeMismatch(input.type, input.default);
    if (wanted !== null) {
      found.push({
        code: "INVALID_FIELD",
        path: ["inputs", index, "default"],
        says: `needs ${wanted} as the default of input "${input.name}", not ${describe(input.default)}.`,
      });
    }
  }
  return found;
}

function schemaProblems(schema: Readonly<Record<string, JsonValue>> | undefined): readonly FieldProblem[] {
  if (schema === undefined || (Object.hasOwn(schema, "type") && schema["type"] === "object")) {
    return [];
  }
  return [
    {
      code: "INVALID_FIELD",
      path: ["responseSchema"],
      says: 'needs a responseSchema that is a JSON schema with "type": "object".',
    },
  ];
}

function httpProblems(block: BlockOf<"http">): readonly FieldProblem[] {
  const found = [...blank(["url"], block.url)];
  for (const name of Object.keys(block.headers)) {
    if (!headerName.test(name)) {
      found.push({
        code: "INVALID_FIELD",
        path: ["headers", name],
        says: `has a header named "${excerpt(name)}": only letters, digits and !#$%&'*+-.^_\`|~ can be in a header's name.`,
      });
    }
  }
  if ((block.method === "GET" || block.method === "HEAD") && (block.body ?? "") !== "") {
    found.push({
      code: "INVALID_FIELD",
      path: ["body"],
      says: `has a body, but a ${block.method} request carries none.`,
    });
  }
  return found;
}

function conditionProblems(block: BlockOf<"condition">): readonly FieldProblem[] {
  const found = repeated(block.branches.map((branch) => branch.id)).map(
    ({ index, value }): FieldProblem => ({
      code: "DUPLICATE_ID",
      path: ["branches", index, "id"],
      says: `has more than one branch with the id "${value}".`,
    }),
  );
  for (const [index, branch] of block.branches.entries()) {
    if (branch.id === "else") {
      found.push({
        code: "INVALID_FIELD",
        path: ["branches", index, "id"],
        says: 'has a branch with the id "else", which is what its output says when no branch was chosen.',
      });
    }
    found.push(...blank(["branches", index, "when"], branch.when));
  }
  return found;
}

/** Texts without a character are the schema's to refuse; these hold spaces and line ends only. */
function blank(path: FieldProblem["path"], text: string): readonly FieldProblem[] {
  return text.trim() === "" ? [{ code: "MISSING_FIELD", path, says: `has a blank ${path.at(-1)}.` }] : [];
}

function repeated(values: readonly string[]): readonly { index: number; value: string }[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [{ index, value }] : []));
}
