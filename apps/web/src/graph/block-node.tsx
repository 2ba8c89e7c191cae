import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { Ban, Check, Minus, Wrench, X } from "lucide-react";
import { type Agent, agentWords } from "../definition/read-agent.ts";
import { BlockIcon, blockKind } from "../ui/block-icon.tsx";
import { classNames } from "../ui/class-names.ts";
import { formatDuration, plural } from "../ui/format.ts";
import { type BlockMark, type BlockStatus, blockStatusLabels } from "./block-state.ts";
import type { Direction } from "./layout.ts";

export interface HandleView {
  readonly id: string;
  readonly label: string;
}

export type BlockNodeData = {
  readonly name: string;
  readonly type: string;
  readonly agent: Agent | null;
  readonly handles: readonly HandleView[];
  readonly mark: BlockMark | null;
  readonly problems: number;
  readonly direction: Direction;
};

const frames: Readonly<Record<BlockStatus, string>> = {
  pending: "border-line-strong",
  running: "border-accent animate-halo",
  completed: "border-ok/60",
  failed: "border-bad",
  skipped: "border-dashed border-line-strong opacity-55",
  cancelled: "border-dashed border-line-strong",
};

const tints: Readonly<Record<BlockStatus, string>> = {
  pending: "bg-subtle text-muted",
  running: "bg-accent-soft text-accent-text",
  completed: "bg-ok-soft text-ok",
  failed: "bg-bad-soft text-bad",
  skipped: "bg-subtle text-muted",
  cancelled: "bg-subtle text-muted",
};

export function BlockNode({ data, selected }: NodeProps<Node<BlockNodeData>>) {
  const { name, type, agent, handles, mark, problems, direction } = data;
  return (
    <div
      title={agent === null ? undefined : agentWords(agent)}
      className={classNames(
        "flex h-[72px] w-[208px] items-center gap-3 rounded-xl border-[1.5px] bg-surface px-3 shadow-raised transition-colors",
        mark === null ? "border-line-strong" : frames[mark.status],
        problems > 0 && "border-bad",
        selected && "outline-2 outline-offset-2 outline-accent-text",
      )}
    >
      {type !== "start" && (
        <Handle
          type="target"
          position={direction === "right" ? Position.Left : Position.Top}
          isConnectable={false}
          className={dot}
        />
      )}
      <span
        className={classNames(
          "flex size-10 shrink-0 items-center justify-center rounded-lg",
          mark === null ? "bg-subtle text-muted" : tints[mark.status],
        )}
      >
        <BlockIcon type={type} className="size-5" />
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate text-[16px] leading-6 font-medium">{name}</span>
        <span className="numbers flex items-center gap-2 text-[13.5px] leading-5 text-muted">
          <span className={classNames("truncate", problems > 0 && "text-bad")}>
            {problems > 0 ? plural(problems, "problem") : caption(data)}
          </span>
          {agent !== null && agent.tools > 0 && (
            <span className="flex shrink-0 items-center gap-1">
              <Wrench aria-hidden="true" className="size-3" />
              {agent.tools}
            </span>
          )}
        </span>
      </span>
      {mark !== null && <StatusGlyph status={mark.status} />}
      <SourceHandles handles={handles} direction={direction} />
    </div>
  );
}

const dot = "!size-2 !min-h-0 !min-w-0 !border-2 !border-surface !bg-muted";

interface SourceHandlesProps {
  readonly handles: readonly HandleView[];
  readonly direction: Direction;
}

function SourceHandles({ handles, direction }: SourceHandlesProps) {
  const isRight = direction === "right";
  return handles.map(({ id, label }, index) => (
    <Handle
      key={id}
      id={id}
      type="source"
      position={isRight ? Position.Right : Position.Bottom}
      isConnectable={false}
      className={classNames(dot, id === "error" && "!bg-bad")}
      style={{ [isRight ? "top" : "left"]: `${(100 * (index + 1)) / (handles.length + 1)}%` }}
    >
      {label !== "" && (
        <span
          className={classNames(
            "pointer-events-none absolute max-w-24 truncate rounded bg-bg px-1 text-[13px] leading-4 font-medium text-muted",
            isRight ? "bottom-1 left-2.5" : "top-2.5 -translate-x-1/2",
          )}
        >
          {label}
        </span>
      )}
    </Handle>
  ));
}

function caption({ type, agent, mark }: BlockNodeData): string {
  if (mark === null || mark.status === "pending") return agent?.model?.model ?? blockKind(type).label;
  if (mark.durationMs === null) return blockStatusLabels[mark.status];
  return formatDuration(mark.durationMs);
}

function StatusGlyph({ status }: { readonly status: BlockStatus }) {
  if (status === "completed") return <Check aria-hidden="true" className="size-5 shrink-0 text-ok" />;
  if (status === "failed") return <X aria-hidden="true" className="size-5 shrink-0 text-bad" />;
  if (status === "cancelled") return <Ban aria-hidden="true" className="size-5 shrink-0 text-muted" />;
  if (status === "skipped") return <Minus aria-hidden="true" className="size-5 shrink-0 text-muted" />;
  return null;
}
