import { describe, expect, test } from "vitest";
import { readGraph, readStartInputs } from "./read-definition.ts";

const start = { id: "s", name: "Start", type: "start", position: { x: 0, y: 0 }, inputs: [] };

describe("reading a draft that is not finished", () => {
  test.each([null, 7, "text", [], {}, { blocks: "none", edges: 3 }, { blocks: [null, 1, {}] }])(
    "draws nothing for %j instead of failing",
    (definition) => {
      expect(readGraph(definition)).toEqual({ blocks: [], edges: [] });
    },
  );

  test("drops edges that lead to blocks which do not exist", () => {
    const graph = readGraph({
      blocks: [start],
      edges: [{ id: "e", source: "s", sourceHandle: "out", target: "gone" }],
    });
    expect(graph.edges).toEqual([]);
  });

  test("names a block without a name by its id and has no position for a broken one", () => {
    const [block] = readGraph({ blocks: [{ id: "a", type: "agent", position: { x: "1" } }] }).blocks;
    expect(block).toMatchObject({ id: "a", name: "a", position: null });
  });

  test("keeps one block per id, so that the graph's keys stay unique", () => {
    expect(readGraph({ blocks: [start, start] }).blocks).toHaveLength(1);
  });
});

test("start inputs keep their type, requirement, description and default", () => {
  const graph = readGraph({
    blocks: [
      {
        ...start,
        inputs: [
          { name: "topic", type: "string", required: true, description: "What about" },
          { name: "count", type: "number", required: false, default: 0 },
          { name: "odd", type: "date", required: true },
        ],
      },
    ],
  });
  expect(readStartInputs(graph)).toEqual([
    { name: "topic", type: "string", required: true, description: "What about" },
    { name: "count", type: "number", required: false, default: 0 },
  ]);
});
