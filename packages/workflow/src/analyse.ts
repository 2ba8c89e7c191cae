import { cycleProblems, edgeProblems, reachableIds, unreachableProblems } from "./connection-problems.ts";
import { definitionBounds, type WorkflowDefinition, workflowDefinition } from "./definition.ts";
import { fieldProblems } from "./field-problems.ts";
import { buildGraph, type Graph } from "./graph.ts";
import { identityProblems } from "./identity-problems.ts";
import { type Outline, outlineOf } from "./outline.ts";
import type { Problem } from "./plan.ts";
import { boundProblems, problem } from "./problem.ts";
import { type ReadJson, readJson } from "./read-json.ts";
import { referenceProblems } from "./reference-problems.ts";
import { type ParsedTemplate, parseTemplate, referenceScope } from "./references.ts";
import { faultProblem, shapeProblem } from "./shape-problems.ts";

export type Analysis =
  | {
      readonly ok: true;
      readonly definition: WorkflowDefinition;
      readonly graph: Graph;
      /** Each distinct text is parsed once. */
      readonly parse: (text: string) => ParsedTemplate;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Judges a definition, and keeps what was learned on the way for those who compile it. */
export function analyse(value: unknown): Analysis {
  const read = readJson(value);
  const oversize = sizeProblems(read);
  if (oversize.length > 0) {
    return { ok: false, problems: oversize };
  }
  const shape = workflowDefinition.safeParse(read.value);
  const outline = outlineOf(read.value, shape.data ?? null);
  const graph = buildGraph(
    outline.blocks.flatMap((one) => one.id ?? []),
    outline.edges,
  );
  const parse = templateParser(outline);

  const problems: Problem[] = [
    ...shapeProblems(read, shape.error?.issues ?? []),
    ...identityProblems(outline),
    ...outline.blocks.flatMap((one) =>
      one.block === null
        ? []
        : fieldProblems(one.block).map(({ code, path, says }) =>
            problem(code, ["blocks", one.index, ...path], `${one.label} ${says}`, one.id),
          ),
    ),
    ...edgeProblems(outline),
    ...cycleProblems(outline, graph),
  ];
  const reachable = outline.connectionsKnown ? reachableIds(outline, graph) : new Set<string>();
  if (reachable.size > 0) {
    problems.push(...unreachableProblems(outline, reachable));
  }
  problems.push(...referenceProblems(outline, parse, graph, reachable));

  return problems.length === 0 && shape.success
    ? { ok: true, definition: shape.data, graph, parse }
    : { ok: false, problems: boundProblems(problems) };
}

/** Beyond these bounds nothing else is judged, so that the work stays bounded too. */
function sizeProblems(read: ReadJson): readonly Problem[] {
  const root = read.value;
  if (typeof root !== "object" || root === null || Array.isArray(root)) {
    return [];
  }
  return (["blocks", "edges", "variables"] as const).flatMap((list) => {
    const items = root[list];
    const max = definitionBounds[list];
    return Array.isArray(items) && items.length > max
      ? [
          problem(
            "INVALID_SHAPE",
            [list],
            `A workflow holds at most ${max} ${list}; this one has ${items.length}.`,
          ),
        ]
      : [];
  });
}

type Issues = Parameters<typeof shapeProblem>[0][];

function shapeProblems(read: ReadJson, issues: Readonly<Issues>): readonly Problem[] {
  const faults = read.ok ? [] : read.faults;
  const faulty = new Set(faults.map((fault) => fault.path.join("\n")));
  return [
    ...faults.map((fault) => faultProblem(fault, read.value)),
    // The schema found nothing, or a stand-in, where a faulty value was left out: that is said already.
    ...issues
      .filter((issue) => !faulty.has(issue.path.map(String).join("\n")))
      .map((issue) => shapeProblem(issue, read.value)),
  ];
}

function templateParser(outline: Outline): (text: string) => ParsedTemplate {
  const blockIds = new Map<string, string>();
  for (const { name, id } of outline.blocks) {
    if (name !== null && id !== null && !blockIds.has(name)) {
      blockIds.set(name, id);
    }
  }
  const scope = referenceScope(
    blockIds,
    outline.variablesKnown ? new Set(outline.variables.map((one) => one.name)) : null,
  );
  const parsed = new Map<string, ParsedTemplate>();
  return (text) => {
    const known = parsed.get(text);
    if (known !== undefined) {
      return known;
    }
    const fresh = parseTemplate(text, scope);
    parsed.set(text, fresh);
    return fresh;
  };
}
