import type { BlockError } from "../../api/types.ts";
import type { Agent } from "../../definition/read-agent.ts";
import { JsonView } from "../../ui/json-view.tsx";
import { Notice } from "../../ui/notice.tsx";
import { conversationWords, readAgentRun } from "./agent-run.ts";
import { FailureNotice } from "./failure-notice.tsx";
import { moneyFailure } from "./money-failure.ts";
import { RefusalCard } from "./refusal-card.tsx";
import type { RunPlace } from "./run-place.ts";
import type { BlockRun } from "./run-state.ts";
import { StreamedText } from "./streamed-text.tsx";
import { ToolCallList } from "./tool-call-list.tsx";

interface BlockDetailProps {
  readonly id: string;
  readonly block: BlockRun;
  /** What it asks, if it is an agent. */
  readonly agent: Agent | null;
  readonly place: RunPlace;
}

/** What a block was given and what it gave. */
export function BlockDetail({ id, block, agent, place }: BlockDetailProps) {
  const written = block.text.tail !== "" || block.text.pages.length > 0;
  return (
    <div
      id={id}
      role="region"
      aria-label={`${block.name} in detail`}
      className="space-y-4 px-2 pt-1 pb-5 sm:pl-9"
    >
      {block.error !== null && <Failure error={block.error} handled={block.handled} place={place} />}
      {written && block.status !== "completed" && (
        <StreamedText log={block.text} streaming={block.status === "running"} />
      )}
      {block.type === "agent" && <Conversation agent={agent} block={block} />}
      <div className="grid gap-4 lg:grid-cols-2">
        <JsonView label="Input" value={block.input} />
        {block.status === "completed" && <JsonView label="Output" value={block.output} />}
      </div>
    </div>
  );
}

/** Which models are asked, which one answered, and what it called on the way. */
function Conversation({ agent, block }: Pick<BlockDetailProps, "agent" | "block">) {
  const run = block.status === "completed" ? readAgentRun(block.output) : null;
  const words = conversationWords(agent, run);
  return (
    <>
      {words !== "" && <p className="numbers text-[13px] text-pretty text-muted">{words}</p>}
      {run !== null && run.caveat !== null && <Notice tone="warn">{run.caveat}</Notice>}
      {run !== null && run.toolCalls.length > 0 && <ToolCallList calls={run.toolCalls} />}
    </>
  );
}

interface FailureProps {
  readonly error: BlockError;
  readonly handled: boolean;
  readonly place: RunPlace;
}

function Failure({ error, handled, place }: FailureProps) {
  const refused = moneyFailure(error);
  const took = "an error edge took over";
  if (refused !== null) {
    return (
      <>
        <RefusalCard notice={refused} place={place} role="note" />
        {handled && <p className="text-xs text-muted">The run went on: {took}.</p>}
      </>
    );
  }
  return (
    <FailureNotice
      message={error.message}
      code={error.code}
      block={error}
      place={place}
      {...(handled ? { after: took } : {})}
    />
  );
}
