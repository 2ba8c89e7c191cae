import { describe, expect, test } from "vitest";
import { readGraph } from "../../definition/read-definition.ts";
import { blockMarks } from "./block-marks.ts";
import { type BlockRun, decidingRun, type RunState } from "./run-state.ts";
import { emptyText } from "./text-log.ts";

const graph = readGraph({
  blocks: [
    { id: "c", type: "condition" },
    { id: "yes", type: "function" },
    { id: "no", type: "function" },
  ],
});

function block(blockId: string, type: string, change: Partial<BlockRun>): BlockRun {
  return {
    blockId,
    name: blockId,
    type,
    status: "completed",
    input: null,
    output: null,
    error: null,
    handled: false,
    text: emptyText,
    startedAt: 0,
    durationMs: 1,
    costMicros: 0,
    ...change,
  };
}

function run(phase: RunState["phase"], ...blocks: BlockRun[]): RunState {
  return { ...decidingRun, phase, blocks: new Map(blocks.map((item) => [item.blockId, item])) };
}

describe("blocks on the graph", () => {
  test("a block that has not started is pending while the run goes on, and skipped once it is over", () => {
    expect(blockMarks(graph, run("running")).get("no")?.status).toBe("pending");
    expect(blockMarks(graph, run("completed")).get("no")?.status).toBe("skipped");
  });

  test("a condition is left by the branch that it took, and by no other", () => {
    const taken = run("running", block("c", "condition", { output: { branch: "b1" } }));
    expect(blockMarks(graph, taken).get("c")?.leftBy).toBe("branch:b1");
    const other = run("running", block("c", "condition", { output: { branch: "else" } }));
    expect(blockMarks(graph, other).get("c")?.leftBy).toBe("else");
  });

  test("a failed block is left by its error handle, a running one by none", () => {
    expect(
      blockMarks(graph, run("running", block("yes", "function", { status: "failed" }))).get("yes")?.leftBy,
    ).toBe("error");
    expect(
      blockMarks(graph, run("running", block("yes", "function", { status: "running" }))).get("yes")?.leftBy,
    ).toBeNull();
  });
});
