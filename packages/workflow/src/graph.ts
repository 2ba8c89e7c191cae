/** A directed graph of blocks by id. Edges whose ends are not both in it are left out. */
export interface Graph {
  /** In the order of the definition. */
  readonly ids: readonly string[];
  readonly successors: ReadonlyMap<string, ReadonlySet<string>>;
  readonly predecessors: ReadonlyMap<string, ReadonlySet<string>>;
}

export function buildGraph(
  ids: Iterable<string>,
  edges: Iterable<{ readonly source: string; readonly target: string }>,
): Graph {
  const distinct = new Set(ids);
  const successors = new Map<string, Set<string>>();
  const predecessors = new Map<string, Set<string>>();
  for (const id of distinct) {
    successors.set(id, new Set());
    predecessors.set(id, new Set());
  }
  for (const { source, target } of edges) {
    if (distinct.has(source) && distinct.has(target)) {
      successors.get(source)?.add(target);
      predecessors.get(target)?.add(source);
    }
  }
  return { ids: [...distinct], successors, predecessors };
}

/** Everything that one or more steps lead to. A start is among it only when it lies on a cycle. */
export function reachedFrom(
  starts: Iterable<string>,
  steps: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...starts];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const next of steps.get(id) ?? []) {
      if (!reached.has(next)) {
        reached.add(next);
        waiting.push(next);
      }
    }
  }
  return reached;
}

/**
 * Every id after all ids that lead to it: by the longest path that leads there, then by place in `ids`, so the order of
 * edges makes no difference. Ids on a cycle, and those behind one, are not in it.
 */
export function topologicalOrder(graph: Graph): readonly string[] {
  const depth = new Map<string, number>();
  const unmet = new Map(graph.ids.map((id) => [id, graph.predecessors.get(id)?.size ?? 0]));
  const ready = graph.ids.filter((id) => unmet.get(id) === 0);
  for (const id of ready) {
    depth.set(id, 0);
  }
  const ordered: string[] = [];
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    ordered.push(id);
    const below = (depth.get(id) ?? 0) + 1;
    for (const next of graph.successors.get(id) ?? []) {
      depth.set(next, Math.max(depth.get(next) ?? 0, below));
      const left = (unmet.get(next) ?? 0) - 1;
      unmet.set(next, left);
      if (left === 0) {
        ready.push(next);
      }
    }
  }
  const place = new Map(graph.ids.map((id, index) => [id, index]));
  return ordered.sort((a, b) => rank(depth, a) - rank(depth, b) || rank(place, a) - rank(place, b));
}

function rank(ranks: ReadonlyMap<string, number>, id: string): number {
  return ranks.get(id) ?? 0;
}

/**
 * Cycles that together cover every id on any cycle, each as the ids along it, first one not repeated. Each is a shortest
 * one through its first id. An id that leads to itself is a cycle of one.
 */
export function findCycles(graph: Graph): readonly (readonly string[])[] {
  const ordered = new Set(topologicalOrder(graph));
  const suspects = graph.ids.filter((id) => !ordered.has(id));
  const cycles: (readonly string[])[] = [];
  const covered = new Set<string>();
  for (const id of suspects) {
    if (graph.successors.get(id)?.has(id) === true) {
      cycles.push([id]);
    }
    if (!covered.has(id)) {
      const cycle = shortestCycle(graph, id);
      for (const member of cycle) {
        covered.add(member);
      }
      if (cycle.length > 1) {
        cycles.push(cycle);
      }
    }
  }
  return cycles;
}

/** Of two or more ids, or empty. */
function shortestCycle(graph: Graph, start: string): readonly string[] {
  const cameFrom = new Map<string, string>();
  const waiting = [start];
  for (const id of waiting) {
    for (const next of graph.successors.get(id) ?? []) {
      if (next === start && id !== start) {
        const cycle: string[] = [];
        for (let at: string | undefined = id; at !== undefined; at = cameFrom.get(at)) {
          cycle.unshift(at);
        }
        return cycle;
      }
      if (next !== start && !cameFrom.has(next)) {
        cameFrom.set(next, id);
        waiting.push(next);
      }
    }
  }
  return [];
}
