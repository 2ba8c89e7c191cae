import { agentProblems } from "./agent-problems.ts";
import type { Block, BlockOf } from "./definition.ts";
import { blank, type FieldProblem, headerProblems, repeated } from "./field-problem.ts";
import { inputTypeMismatch } from "./input-type.ts";
import { describe } from "./read-json.ts";

export function fieldProblems(block: Block): readonly FieldProblem[] {
  switch (block.type) {
    case "start":
      return startProblems(block);
    case "agent":
      return agentProblems(block);
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

function httpProblems(block: BlockOf<"http">): readonly FieldProblem[] {
  const found = [...blank(["url"], block.url), ...headerProblems(["headers"], block.headers)];
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
