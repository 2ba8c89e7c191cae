import { describe, expect, test } from "vitest";
import { readGraph } from "../definition/read-definition.ts";
import { layout } from "./layout.ts";

function graph(positions: Record<string, { x: number; y: number } | undefined>, edges: [string, string][]) {
  return readGraph({
    blocks: Object.entries(positions).map(([id, position]) => ({ id, type: "function", position })),
    edges: edges.map(([source, target]) => ({ source, target, sourceHandle: "out" })),
  });
}

const wide = { width: 1_600, height: 400 };
const chain: [string, string][] = [
  ["a", "b"],
  ["b", "c"],
  ["a", "d"],
  ["c", "d"],
];

describe("layout", () => {
  test("keeps the order and rows in which the author placed the blocks", () => {
    const { positions, direction } = layout(
      graph({ a: { x: 900, y: 40 }, b: { x: 0, y: 0 } }, [["b", "a"]]),
      wide,
    );
    expect(direction).toBe("right");
    expect(positions.get("b")).toEqual({ x: 0, y: 0 });
    expect(positions.get("a")?.y).toBe(40);
    expect(positions.get("a")?.x).toBeGreaterThan(0);
  });

  test("places blocks that share a position in layers, each after all that lead to it", () => {
    const origin = { x: 0, y: 0 };
    const { positions } = layout(graph({ d: origin, a: origin, b: origin, c: origin }, chain), wide);
    const x = (id: string) => positions.get(id)?.x ?? Number.NaN;
    expect(x("a")).toBeLessThan(x("b"));
    expect(x("b")).toBeLessThan(x("c"));
    expect(x("c")).toBeLessThan(x("d"));
  });

  test("runs from top to bottom where the space is narrow and high", () => {
    const far = { a: { x: 0, y: 0 }, b: { x: 300, y: 0 }, c: { x: 600, y: 0 }, d: { x: 900, y: 0 } };
    const { positions, direction } = layout(graph(far, chain), { width: 340, height: 400 });
    expect(direction).toBe("down");
    expect(positions.get("d")?.y).toBeGreaterThan(positions.get("a")?.y ?? Number.NaN);
  });

  test("ends on a cycle and gives every block a place of its own", () => {
    const loop: [string, string][] = [
      ["a", "b"],
      ["b", "a"],
    ];
    const { positions } = layout(graph({ a: undefined, b: undefined }, loop), wide);
    expect(new Set([...positions.values()].map(({ x, y }) => `${x},${y}`)).size).toBe(2);
  });
});
