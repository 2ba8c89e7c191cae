import type { Outline } from "./outline.ts";
import type { Problem } from "./plan.ts";
import { excerpt, problem, quotedList } from "./problem.ts";

/** No start or several, and ids and names that are used twice. */
export function identityProblems(outline: Outline): readonly Problem[] {
  return [
    ...startProblems(outline),
    ...repeated(outline.blocks, (one) => one.id).map((one) =>
      problem(
        "DUPLICATE_ID",
        ["blocks", one.index, "id"],
        `${one.label} has the id "${excerpt(one.id ?? "")}", which another block has too.`,
        one.id,
      ),
    ),
    ...repeated(outline.blocks, (one) => one.name).map((one) =>
      problem(
        "DUPLICATE_NAME",
        ["blocks", one.index, "name"],
        `${one.label} has the same name as another block; references could mean either.`,
        one.id,
      ),
    ),
    ...repeated(outline.edges, (one) => one.id).map((one) =>
      problem(
        "DUPLICATE_ID",
        ["edges", one.index, "id"],
        `Edge ${one.index + 1} has the id "${excerpt(one.id ?? "")}", which another edge has too.`,
      ),
    ),
    ...repeated(outline.variables, (one) => one.name).map((one) =>
      problem(
        "DUPLICATE_NAME",
        ["variables", one.index, "name"],
        `Variable ${one.index + 1} has the name "${excerpt(one.name)}", which another variable has too.`,
      ),
    ),
  ];
}

function startProblems(outline: Outline): readonly Problem[] {
  const starts = outline.blocks.filter((one) => one.type === "start");
  if (starts.length === 0) {
    // A block whose type cannot be read may be the start.
    return outline.blocks.some((one) => one.type === null)
      ? []
      : [problem("NO_START", ["blocks"], "The workflow has no start block.")];
  }
  const names = quotedList(starts.map((one) => one.name ?? one.label));
  return starts
    .slice(1)
    .map((one) =>
      problem(
        "SEVERAL_STARTS",
        ["blocks", one.index],
        `A workflow has one start block; this one has ${starts.length}: ${names}.`,
        one.id,
      ),
    );
}

/** Those whose key an earlier one has. */
function repeated<T>(all: readonly T[], keyOf: (one: T) => string | null): readonly T[] {
  const seen = new Set<string>();
  return all.filter((one) => {
    const key = keyOf(one);
    if (key === null || !seen.has(key)) {
      seen.add(key ?? "");
      return false;
    }
    return true;
  });
}
