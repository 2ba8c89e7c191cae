import { type ReactNode, useMemo } from "react";
import type { Graph } from "../../definition/read-definition.ts";
import { GraphPanel } from "../../graph/graph-panel.tsx";
import { classNames } from "../../ui/class-names.ts";
import { BlockList } from "./block-list.tsx";
import { blockMarks } from "./block-marks.ts";
import { OutputPanel } from "./output-panel.tsx";
import type { RunPlace } from "./run-place.ts";
import type { RunState } from "./run-state.ts";
import { useOpenBlock } from "./use-open-block.ts";

interface RunLayoutProps {
  readonly graph: Graph;
  /** Null before there is a run. */
  readonly run: RunState | null;
  readonly place: RunPlace;
  /** Runs it once more; absent where the run is looked at afterwards. */
  readonly onRetry?: () => void;
  /** The input and the gates. */
  readonly side: ReactNode;
  /** What is said about the run as a whole, above its output. */
  readonly children: ReactNode;
}

/** A run on one page, while it happens and afterwards: the graph, the gates, the output, the blocks. */
export function RunLayout({ graph, run, place, onRetry, side, children }: RunLayoutProps) {
  const { openId, toggle, show } = useOpenBlock(run);
  const marks = useMemo(
    () => (run === null || run.phase === "refused" ? undefined : blockMarks(graph, run)),
    [graph, run],
  );
  const began = run !== null && run.phase !== "refused" && run.phase !== "deciding";
  return (
    <div className="space-y-9">
      {graph.blocks.length > 0 && (
        <GraphPanel
          label="Workflow graph"
          className="h-[27rem] sm:h-60"
          graph={graph}
          marks={marks}
          selectedId={openId}
          onSelect={show}
        />
      )}
      <div className="grid items-start gap-x-12 gap-y-9 lg:grid-cols-[21rem_minmax(0,1fr)]">
        <div className="min-w-0 space-y-9">{side}</div>
        <div className={classNames("min-w-0 space-y-8", run?.phase === "refused" && "max-lg:order-first")}>
          {children}
          {began && (
            <>
              <OutputPanel run={run} place={place} onRetry={onRetry} />
              <BlockList run={run} graph={graph} place={place} openId={openId} onToggle={toggle} />
            </>
          )}
        </div>
      </div>
    </div>
  );
}
