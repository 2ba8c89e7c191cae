import { type Graph, isRecord } from "../../definition/read-definition.ts";
import type { BlockMark, BlockMarks } from "../../graph/block-state.ts";
import { type BlockRun, isOver, type RunState } from "./run-state.ts";

/** How every block of the graph stands: those that did not start are pending, and skipped once the run is over. */
export function blockMarks(graph: Graph, run: RunState): BlockMarks {
  const unstarted: BlockMark = {
    status: isOver(run.phase) ? "skipped" : "pending",
    durationMs: null,
    leftBy: null,
  };
  return new Map(
    graph.blocks.map(({ id }) => {
      const block = run.blocks.get(id);
      return [id, block === undefined ? unstarted : markOf(block)];
    }),
  );
}

function markOf(block: BlockRun): BlockMark {
  return { status: block.status, durationMs: block.durationMs, leftBy: leftBy(block) };
}

function leftBy({ type, status, output }: BlockRun): string | null {
  if (status === "failed") return "error";
  if (status !== "completed") return null;
  if (type !== "condition") return "out";
  const branch = isRecord(output) ? output["branch"] : null;
  if (typeof branch !== "string") return null;
  return branch === "else" ? "else" : `branch:${branch}`;
}
