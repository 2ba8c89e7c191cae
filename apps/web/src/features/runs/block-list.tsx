import { type Agent, readAgent } from "../../definition/read-agent.ts";
import type { Graph } from "../../definition/read-definition.ts";
import { formatDuration, formatMoney } from "../../ui/format.ts";
import { Section } from "../../ui/page.tsx";
import { BlockRow } from "./block-row.tsx";
import type { RunPlace } from "./run-place.ts";
import type { RunState } from "./run-state.ts";

/** How much of the time line a block that still runs is given: enough to be seen beside one that just ended. */
const runningMs = 500;

interface BlockListProps {
  readonly run: RunState;
  /** Of the version that ran. */
  readonly graph: Graph;
  readonly place: RunPlace;
  readonly openId: string | null;
  readonly onToggle: (blockId: string) => void;
}

/** Every block that started, when it ran within the run, and on opening what went in and came out. */
export function BlockList({ run, graph, place, openId, onToggle }: BlockListProps) {
  const blocks = [...run.blocks.values()];
  const first = Math.min(...blocks.map((block) => block.startedAt));
  const end = Math.max(...blocks.map((block) => block.startedAt + (block.durationMs ?? runningMs)));
  const spanMs = Math.max(1, end - first);
  return (
    <Section title="Blocks" actions={<Totals run={run} />}>
      {blocks.length === 0 ? (
        <p className="text-sm text-muted">No block has started.</p>
      ) : (
        <ol className="divide-y divide-line border-y border-line">
          {blocks.map((block) => (
            <BlockRow
              key={block.blockId}
              block={block}
              agent={agentOf(graph, block.blockId)}
              offset={(block.startedAt - first) / spanMs}
              share={block.durationMs === null ? null : block.durationMs / spanMs}
              open={block.blockId === openId}
              place={place}
              onToggle={() => onToggle(block.blockId)}
            />
          ))}
        </ol>
      )}
    </Section>
  );
}

function agentOf(graph: Graph, blockId: string): Agent | null {
  const block = graph.blocks.find(({ id }) => id === blockId);
  return block === undefined ? null : readAgent(block);
}

function Totals({ run }: { readonly run: RunState }) {
  if (run.durationMs === null && run.costMicros === null) return null;
  return (
    <p className="numbers text-[13px] text-muted">
      {run.durationMs !== null && <>Total {formatDuration(run.durationMs)}</>}
      {run.costMicros !== null && <> · {formatMoney(run.costMicros)}</>}
    </p>
  );
}
