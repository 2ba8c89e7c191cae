import { analyse } from "./analyse.ts";
import { deepFreeze } from "./deep-freeze.ts";
import type { Block, Edge } from "./definition.ts";
import { topologicalOrder } from "./graph.ts";
import type { CompileResult, Plan, PlanEdge } from "./plan.ts";
import { planBlock } from "./plan-block.ts";
import { problem } from "./problem.ts";
import { recordOf } from "./record.ts";

/**
 * The plan of a definition, or everything that is wrong with it: the problems that `validate` lists. The plan is a copy,
 * frozen in depth; the definition is left as it was. The same definition always gives the same plan.
 */
export function compile(definition: unknown): CompileResult {
  const analysis = analyse(definition);
  if (!analysis.ok) {
    return analysis;
  }
  const { blocks, edges, variables } = analysis.definition;
  const connections = connect(blocks, edges);
  const planned = blocks.map((block) => planBlock(block, connections(block.id), analysis.parse));
  const start = blocks.find((block) => block.type === "start");
  if (start === undefined) {
    throw new Error("A definition without a start block was judged right.");
  }
  const plan: Plan = {
    startId: start.id,
    blocks: recordOf(planned.map((one) => [one.block.id, one])),
    order: topologicalOrder(analysis.graph),
    variables: recordOf(variables.map((variable) => [variable.name, variable.value])),
    environmentNames: [...new Set(planned.flatMap((one) => one.environmentNames))].sort(),
  };
  return { ok: true, plan: deepFreeze(plan) };
}

/** The edges of each block, in the order of the definition. */
function connect(
  blocks: readonly Block[],
  edges: readonly Edge[],
): (id: string) => { readonly incoming: PlanEdge[]; readonly outgoing: PlanEdge[] } {
  const byId = new Map<string, { readonly incoming: PlanEdge[]; readonly outgoing: PlanEdge[] }>(
    blocks.map(({ id }) => [id, { incoming: [], outgoing: [] }]),
  );
  const of = (id: string) => {
    const found = byId.get(id);
    if (found === undefined) {
      throw new Error(`An edge to "${id}" was judged right, but there is no such block.`);
    }
    return found;
  };
  for (const { source, sourceHandle, target } of edges) {
    const edge = { source, sourceHandle, target };
    of(source).outgoing.push(edge);
    of(target).incoming.push(edge);
  }
  return of;
}

/** `compile` for a definition that is stored as JSON text. */
export function compileText(text: string): CompileResult {
  let definition: unknown;
  try {
    definition = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
    return { ok: false, problems: [problem("INVALID_SHAPE", [], "The workflow is not well-formed JSON.")] };
  }
  return compile(definition);
}
