import type { AgentProvider, Plan, PlanBlockOf, PlanEdge } from "@gantry/workflow";

/**
 * The most that the priced blocks of one run can cost, in micro-dollars, base charge not included. `callBound` says what
 * one call of a block costs at most by one of its models, failed calls included; null when it is not bounded by its
 * definition, and then neither is the run: the answer is null. So it is with a block that may run other workflows.
 *
 * Never less than a run costs. What lies behind different handles of one block excludes each other, since a block ends
 * by one of them, and the dearest counts. A block where ways meet again counts once. More than any run can cost only
 * where ways that several blocks chose between meet: finding the dearest run there is as hard as MAX-SAT.
 */
export function worstCost(plan: Plan, callBound: CallBound): number | null {
  const places = new Map<string, Place>();
  for (const id of plan.order) {
    const block = plan.blocks[id];
    if (block === undefined) throw new Error(`The plan orders "${id}", which it does not hold`);
    const own = block.type === "agent" ? blockBound(block, callBound) : 0;
    if (own === null) return null;
    places.set(id, placeOf(own, block.incoming, places));
  }
  let worst = 0;
  // A block comes after its fork, so it has its sum before the fork asks for it.
  for (const place of [...places.values()].toReversed()) {
    worst = place.own + Math.max(0, ...place.behind.values());
    for (const handle of place.handles) {
      place.fork?.behind.set(handle, (place.fork.behind.get(handle) ?? 0) + worst);
    }
  }
  return worst;
}

type CallBound = (block: PlanBlockOf<"agent">, by: AgentModel) => number | null;
type AgentModel = { readonly provider: AgentProvider; readonly model: string };

/**
 * The dearest of the models that may answer: a try that is followed by another was rejected and cost nothing, and one
 * that broke off after it began is billed and not repeated.
 */
function blockBound(block: PlanBlockOf<"agent">, callBound: CallBound): number | null {
  const { tools = [], fallbacks = [] } = block.block;
  if (tools.some((tool) => tool.type === "workflow")) return null;
  let dearest = 0;
  for (const model of [block.block, ...fallbacks]) {
    const bound = callBound(block, model);
    if (bound === null) return null;
    dearest = Math.max(dearest, bound);
  }
  return dearest;
}

/** Where a block stands in the tree of forks (the dominator tree of the plan, start on top). */
interface Place {
  readonly own: number;
  readonly depth: number;
  /** The nearest block that every way to this one passes; null for start. */
  readonly fork: Place | null;
  /** The handles of the fork that lead here, on whatever way. */
  readonly handles: ReadonlySet<string>;
  /** By handle: what the blocks whose fork this one is cost at most, when it ends by that handle. */
  readonly behind: Map<string, number>;
}

function placeOf(own: number, incoming: readonly PlanEdge[], places: ReadonlyMap<string, Place>): Place {
  const ways = incoming.map(({ source, sourceHandle }) => {
    const from = places.get(source);
    if (from === undefined) throw new Error(`"${source}" leads to a block that comes before it in the plan`);
    return { from, handle: sourceHandle };
  });
  let fork: Place | null = null;
  for (const { from } of ways) fork = fork === null ? from : nearestCommon(fork, from);
  const handles = new Set<string>();
  for (const { from, handle } of ways) {
    if (from === fork) {
      handles.add(handle);
      continue;
    }
    let below = from;
    while (below.fork !== fork) below = forkOf(below);
    for (const one of below.handles) handles.add(one);
  }
  return { own, depth: fork === null ? 0 : fork.depth + 1, fork, handles, behind: new Map() };
}

function nearestCommon(one: Place, other: Place): Place {
  let [a, b] = [one, other];
  while (a !== b) {
    if (a.depth < b.depth) [a, b] = [b, a];
    a = forkOf(a);
  }
  return a;
}

function forkOf(place: Place): Place {
  if (place.fork === null) throw new Error("The plan has more than one block that nothing leads to");
  return place.fork;
}
