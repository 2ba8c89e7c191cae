import { handlesOf } from "./block-ports.ts";
import { findCycles, type Graph, reachedFrom } from "./graph.ts";
import type { BlockOutline, EdgeOutline, Outline } from "./outline.ts";
import type { Problem } from "./plan.ts";
import { excerpt, problem, quotedList } from "./problem.ts";

/** Edges that begin or end nowhere, or on a handle that the block does not have. */
export function edgeProblems(outline: Outline): readonly Problem[] {
  const byId = new Map<string, BlockOutline[]>();
  for (const one of outline.blocks) {
    if (one.id !== null) {
      byId.set(one.id, [...(byId.get(one.id) ?? []), one]);
    }
  }
  const everyIdKnown = outline.blocks.every((one) => one.id !== null);
  const nameOf = (id: string): string => `"${excerpt(byId.get(id)?.[0]?.name ?? id)}"`;
  const problems: Problem[] = [];

  for (const edge of outline.edges) {
    const label = `Edge ${edge.index + 1} (from ${nameOf(edge.source)} to ${nameOf(edge.target)})`;
    for (const end of ["source", "target"] as const) {
      if (everyIdKnown && !byId.has(edge[end])) {
        const says = end === "source" ? "begins at" : "leads to";
        const message = `${label} ${says} a block with the id "${excerpt(edge[end])}", which does not exist.`;
        problems.push(problem("UNKNOWN_BLOCK", ["edges", edge.index, end], message));
      }
    }
    for (const source of byId.get(edge.source) ?? []) {
      const says = handleMismatch(edge, source);
      if (says !== null) {
        const path = ["edges", edge.index, "sourceHandle"];
        problems.push(problem("INVALID_HANDLE", path, `${label} ${says}`, source.id));
      }
    }
    for (const target of byId.get(edge.target) ?? []) {
      if (target.type === "start") {
        const message = `${label} leads to a start block, which nothing can come before.`;
        problems.push(problem("INVALID_HANDLE", ["edges", edge.index, "target"], message, target.id));
      }
    }
  }
  return problems;
}

function handleMismatch(edge: EdgeOutline, source: BlockOutline): string | null {
  if (source.block === null || edge.sourceHandle === null || edge.sourceHandle === "") {
    return null;
  }
  const handles = handlesOf(source.block);
  if (handles.includes(edge.sourceHandle)) {
    return null;
  }
  if (handles.length === 0) {
    return `begins at a ${source.block.type} block, which nothing can come after.`;
  }
  return `begins at handle "${excerpt(edge.sourceHandle)}", but the block's handles are ${quotedList(handles)}.`;
}

/** One problem for each cycle, which names its blocks in their order. */
export function cycleProblems(outline: Outline, graph: Graph): readonly Problem[] {
  const byId = new Map(outline.blocks.map((one) => [one.id, one]));
  return findCycles(graph).map((cycle) => {
    const [first = "", ...others] = cycle;
    const place = ["blocks", byId.get(first)?.index ?? 0];
    const names = cycle.map((id) => byId.get(id)?.name ?? id);
    const label = byId.get(first)?.label ?? first;
    const message =
      others.length === 0
        ? `${label} leads to itself; a workflow cannot go round.`
        : `${quotedList(names)} lead to each other in a cycle; a workflow cannot go round.`;
    return problem("CYCLE", place, message, first);
  });
}

/** The ids of blocks that a run can come to. */
export function reachableIds(outline: Outline, graph: Graph): ReadonlySet<string> {
  const starts = outline.blocks.flatMap((one) => (one.type === "start" && one.id !== null ? [one.id] : []));
  return new Set([...starts, ...reachedFrom(starts, graph.successors)]);
}

export function unreachableProblems(outline: Outline, reachable: ReadonlySet<string>): readonly Problem[] {
  return outline.blocks
    .filter((one) => one.id !== null && !reachable.has(one.id))
    .map((one) =>
      problem(
        "UNREACHABLE_BLOCK",
        ["blocks", one.index],
        `${one.label} is never reached: no path of edges leads from the start block to it.`,
        one.id,
      ),
    );
}
