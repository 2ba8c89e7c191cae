import { type Block, handlesOf, type Plan } from "@gantry/workflow";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agent, condition, fn, planOf, start } from "./testing/plans.ts";
import { worstCost } from "./worst-cost.ts";

/** Each block costs what the table says of its id. */
function worstOf(plan: Plan, costs: Readonly<Record<string, number | null>>): number | null {
  return worstCost(plan, ({ block }) => {
    const cost = costs[block.id];
    if (cost === undefined) throw new Error(`no cost for ${block.id}`);
    return cost;
  });
}

describe("the worst cost of a run", () => {
  test("is nothing without a priced block", () => {
    expect(worstOf(planOf([start(), fn("F")], ["Start -> F"]), {})).toBe(0);
  });

  test("adds up what comes one after the other", () => {
    const plan = planOf([start(), agent("A"), agent("B")], ["Start -> A", "A -> B"]);
    expect(worstOf(plan, { A: 1, B: 20 })).toBe(21);
  });

  test("adds up what runs side by side", () => {
    const plan = planOf([start(), agent("A"), agent("B")], ["Start -> A", "Start -> B"]);
    expect(worstOf(plan, { A: 1, B: 20 })).toBe(21);
  });

  test("counts the dearest branch of a condition and not the others", () => {
    const plan = planOf(
      [start(), condition("C", 2), agent("A"), agent("B"), agent("B2"), agent("D")],
      ["Start -> C", "C branch:0 -> A", "C branch:1 -> B", "B -> B2", "C else -> D"],
    );
    expect(worstOf(plan, { A: 50, B: 20, B2: 40, D: 1 })).toBe(60);
    expect(worstOf(plan, { A: 70, B: 20, B2: 40, D: 1 })).toBe(70);
  });

  test("counts a failed call together with its error branch, or a good one with what follows it", () => {
    const plan = planOf(
      [start(), agent("A"), agent("Next"), agent("Rescue")],
      ["Start -> A", "A -> Next", "A error -> Rescue"],
    );
    expect(worstOf(plan, { A: 5, Next: 10, Rescue: 100 })).toBe(105);
    expect(worstOf(plan, { A: 5, Next: 300, Rescue: 100 })).toBe(305);
  });

  test("counts a join after a condition once, whichever branch leads to it", () => {
    const plan = planOf(
      [start(), condition("C", 1), agent("A"), agent("B"), agent("J")],
      ["Start -> C", "C branch:0 -> A", "C else -> B", "A -> J", "B -> J"],
    );
    expect(worstOf(plan, { A: 10, B: 20, J: 100 })).toBe(120);
  });

  test("counts a join after parallel blocks once", () => {
    const plan = planOf(
      [start(), agent("A"), agent("B"), agent("J")],
      ["Start -> A", "Start -> B", "A -> J", "B -> J"],
    );
    expect(worstOf(plan, { A: 10, B: 20, J: 100 })).toBe(130);
  });

  test("counts a join that an error branch shares once, with what the failure led to", () => {
    const plan = planOf(
      [start(), agent("A"), agent("Rescue"), agent("J")],
      ["Start -> A", "A error -> Rescue", "A -> J", "Rescue -> J"],
    );
    expect(worstOf(plan, { A: 1, Rescue: 10, J: 100 })).toBe(111);
  });

  test("knows that joins which share no branch exclude each other", () => {
    const plan = planOf(
      [start(), condition("C", 3), agent("J"), agent("K")],
      ["Start -> C", "C branch:0 -> J", "C branch:1 -> J", "C branch:2 -> K", "C else -> K"],
    );
    expect(worstOf(plan, { J: 10, K: 30 })).toBe(30);
  });

  test("adds a join only to the branches that lead to it", () => {
    const plan = planOf(
      [start(), condition("C", 2), agent("Alone"), agent("J")],
      ["Start -> C", "C branch:0 -> Alone", "C branch:1 -> J", "C else -> J"],
    );
    expect(worstOf(plan, { Alone: 40, J: 30 })).toBe(40);
  });

  test("counts a join behind a join on every branch that leads to the first", () => {
    const plan = planOf(
      [start(), condition("C", 2), agent("A"), agent("J"), agent("K")],
      ["Start -> C", "C branch:0 -> J", "C branch:1 -> A", "A -> J", "J -> K", "C else -> K"],
    );
    expect(worstOf(plan, { A: 50, J: 1, K: 10 })).toBe(61);
  });

  test("is unknown as soon as one block on any branch is not bounded", () => {
    const plan = planOf(
      [start(), condition("C", 1), agent("A"), agent("B")],
      ["Start -> C", "C branch:0 -> A", "C else -> B"],
    );
    expect(worstOf(plan, { A: 10_000, B: null })).toBeNull();
  });

  test("is that of the dearest model that a block may fall back to, and not of all of them", () => {
    const fallbacks = [
      { provider: "openai", model: "dear" } as const,
      { provider: "google", model: "cheap" } as const,
    ];
    const plan = planOf([start(), agent("A", { fallbacks }), agent("B")], ["Start -> A", "A -> B"]);
    const prices = new Map([
      ["claude-haiku-4-5", 3],
      ["dear", 50],
      ["cheap", 1],
    ]);
    expect(worstCost(plan, (_, { model }) => prices.get(model) ?? null)).toBe(53);
    expect(worstCost(plan, (_, { provider }) => (provider === "google" ? null : 1))).toBeNull();
  });

  test("is unknown with a tool that runs another workflow, whoever pays for the block's own calls", () => {
    const offered = { name: "t", description: "A tool", parameters: { type: "object" } };
    const child = {
      type: "workflow",
      ...offered,
      workflowId: "0b0c9a2e-6d0f-4c0e-9f0a-3d1f5a7b9c11",
    } as const;
    const code = { type: "function", ...offered, code: "return 1;" } as const;
    const boundWith = (tool: typeof child | typeof code) =>
      worstCost(planOf([start(), agent("A", { tools: [tool] })], ["Start -> A"]), () => 0);
    expect(boundWith(child)).toBeNull();
    expect(boundWith(code)).toBe(0);
  });

  test("is found for the largest plan that a workflow may hold", () => {
    const names = Array.from({ length: 999 }, (_, index) => `A${index}`);
    const edges = names.flatMap((name, index) => [
      `${names[index - 1] ?? "Start"} -> ${name}`,
      ...[2, 3, 5, 7].flatMap((back) => (index >= back ? [`${names[index - back]} error -> ${name}`] : [])),
    ]);
    const plan = planOf([start(), ...names.map((name) => agent(name))], edges);
    expect(worstCost(plan, () => 1)).toBe(999);
  });
});

interface Case {
  readonly plan: Plan;
  readonly costs: Readonly<Record<string, number>>;
}

/** A plan of up to nine blocks; `joins`: how many edges may lead to one block. */
function cases(joins: number): fc.Arbitrary<Case> {
  const block = fc.record({
    kind: fc.constantFrom("agent", "condition", "function"),
    branches: fc.integer({ min: 1, max: 2 }),
    cost: fc.integer({ min: 0, max: 20 }),
    edges: fc.array(fc.record({ source: fc.nat(), handle: fc.nat() }), { minLength: 1, maxLength: joins }),
  });
  return fc.array(block, { minLength: 1, maxLength: 8 }).map((drawn) => {
    const blocks: Block[] = [start()];
    const edges: string[] = [];
    const costs: Record<string, number> = {};
    for (const [index, { kind, branches, cost, edges: drawnEdges }] of drawn.entries()) {
      const name = `B${index}`;
      for (const { source, handle } of drawnEdges) {
        const from = pickOf(blocks, source);
        edges.push(`${from.id} ${pickOf(handlesOf(from), handle)} -> ${name}`);
      }
      blocks.push(
        kind === "agent" ? agent(name) : kind === "condition" ? condition(name, branches) : fn(name),
      );
      costs[name] = cost;
    }
    return { plan: planOf(blocks, edges), costs };
  });
}

function pickOf<Item>(items: readonly Item[], random: number): Item {
  const item = items[random % items.length];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

/**
 * The dearest of all runs, each tried: every block that runs ends by each of its handles in turn. As the engine does it, a
 * block runs when one edge into it was taken or more, and then once.
 */
function dearestRun({ plan, costs }: Case): number {
  const taken = new Set<string>();
  function from(place: number): number {
    const id = plan.order[place];
    if (id === undefined) return 0;
    const block = plan.blocks[id];
    if (block === undefined) throw new Error(`no block ${id}`);
    const way = (source: string, handle: string) => `${source} ${handle}`;
    const runs =
      id === plan.startId || block.incoming.some((edge) => taken.has(way(edge.source, edge.sourceHandle)));
    if (!runs) return from(place + 1);
    let dearest = 0;
    for (const handle of handlesOf(block.block)) {
      taken.add(way(id, handle));
      dearest = Math.max(dearest, from(place + 1));
      taken.delete(way(id, handle));
    }
    return dearest + (block.type === "agent" ? (costs[id] ?? 0) : 0);
  }
  return from(0);
}

describe("against every possible run of random plans", () => {
  test("no run costs more", () => {
    fc.assert(
      fc.property(cases(4), (one) => {
        expect(worstOf(one.plan, one.costs)).toBeGreaterThanOrEqual(dearestRun(one));
      }),
      { numRuns: 500 },
    );
  });

  test("where no ways meet again, a run may cost exactly that", () => {
    fc.assert(
      fc.property(cases(1), (one) => {
        expect(worstOf(one.plan, one.costs)).toBe(dearestRun(one));
      }),
      { numRuns: 500 },
    );
  });

  test("it never exceeds what all blocks cost together", () => {
    fc.assert(
      fc.property(cases(4), ({ plan, costs }) => {
        const all = plan.order.reduce(
          (sum, id) => sum + (plan.blocks[id]?.type === "agent" ? (costs[id] ?? 0) : 0),
          0,
        );
        expect(worstOf(plan, costs)).toBeLessThanOrEqual(all);
      }),
    );
  });
});
