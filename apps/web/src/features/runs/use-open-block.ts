import { useState } from "react";
import type { RunState } from "./run-state.ts";

interface OpenBlock {
  readonly openId: string | null;
  readonly toggle: (blockId: string) => void;
  /** Opens a block that was chosen on the graph and brings it into view. */
  readonly show: (blockId: string) => void;
}

/** Which block of the run is looked at, shared by the graph and the list. */
export function useOpenBlock(run: RunState | null): OpenBlock {
  const runId = run?.runId ?? null;
  // Kept with its run: another run begins with every block closed.
  const [open, setOpen] = useState<{ readonly runId: string | null; readonly blockId: string } | null>(null);
  const openId = open !== null && open.runId === runId ? open.blockId : null;
  return {
    openId,
    toggle: (blockId) => setOpen(openId === blockId ? null : { runId, blockId }),
    show: (blockId) => {
      if (run?.blocks.has(blockId) !== true) return;
      setOpen({ runId, blockId });
      requestAnimationFrame(() =>
        document.getElementById(`block-${blockId}`)?.scrollIntoView({ block: "nearest" }),
      );
    },
  };
}
