import { ChevronRight, TriangleAlert } from "lucide-react";
import { useId } from "react";
import type { Agent } from "../../definition/read-agent.ts";
import { blockStatusLabels } from "../../graph/block-state.ts";
import { BlockIcon } from "../../ui/block-icon.tsx";
import { classNames } from "../../ui/class-names.ts";
import { formatDuration, formatMoney } from "../../ui/format.ts";
import { readAgentRun } from "./agent-run.ts";
import { BlockDetail } from "./block-detail.tsx";
import type { RunPlace } from "./run-place.ts";
import type { BlockRun } from "./run-state.ts";

interface BlockRowProps {
  readonly block: BlockRun;
  readonly agent: Agent | null;
  /** Where its bar begins, from 0 to 1 of the run's time. */
  readonly offset: number;
  /** How long its bar is; null while it runs. */
  readonly share: number | null;
  readonly open: boolean;
  readonly place: RunPlace;
  readonly onToggle: () => void;
}

const tones: Readonly<Record<BlockRun["status"], { readonly icon: string; readonly bar: string }>> = {
  running: { icon: "text-accent-text", bar: "bg-accent animate-shimmer" },
  completed: { icon: "text-ok", bar: "bg-ok" },
  failed: { icon: "text-bad", bar: "bg-bad" },
  cancelled: { icon: "text-muted", bar: "bg-muted" },
};

export function BlockRow({ block, agent, offset, share, open, place, onToggle }: BlockRowProps) {
  const id = useId();
  const tone = tones[block.status];
  const caveat =
    block.type === "agent" && block.status === "completed" ? readAgentRun(block.output).caveat : null;
  return (
    <li id={`block-${block.blockId}`}>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={onToggle}
        className="numbers flex w-full items-center gap-3 px-2 py-2.5 text-left text-[13px] transition-colors hover:bg-subtle focus-visible:-outline-offset-2"
      >
        <ChevronRight
          aria-hidden="true"
          className={classNames("size-3.5 shrink-0 text-muted transition-transform", open && "rotate-90")}
        />
        <BlockIcon type={block.type} className={classNames("size-4 shrink-0", tone.icon)} />
        <span className="flex min-w-0 flex-1 items-center gap-1.5 font-medium sm:w-40 sm:flex-none">
          <span className="truncate">{block.name}</span>
          {caveat !== null && (
            <span title={caveat} className="shrink-0">
              <TriangleAlert aria-hidden="true" className="size-3.5 text-warn" />
              <span className="sr-only">{caveat} </span>
            </span>
          )}
        </span>
        <span aria-hidden="true" className="relative h-1.5 flex-1 rounded-full bg-subtle max-sm:hidden">
          <span
            className={classNames("absolute inset-y-0 min-w-1 rounded-full", tone.bar)}
            style={{
              left: `${Math.min(98.5, 100 * offset)}%`,
              width: share === null ? "auto" : `${100 * share}%`,
              right: share === null ? 0 : "auto",
            }}
          />
        </span>
        <span
          className={classNames("w-20 text-right", block.status === "failed" ? "text-bad" : "text-muted")}
        >
          {block.status === "completed" ? (
            <span className="sr-only">Completed in </span>
          ) : (
            `${blockStatusLabels[block.status]} `
          )}
          {block.durationMs !== null && block.status === "completed" && formatDuration(block.durationMs)}
        </span>
        <span className="w-20 text-right text-muted">
          {block.costMicros > 0 ? formatMoney(block.costMicros) : "–"}
        </span>
      </button>
      {open && <BlockDetail id={id} block={block} agent={agent} place={place} />}
    </li>
  );
}
