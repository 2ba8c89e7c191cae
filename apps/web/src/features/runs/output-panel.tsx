import type { RunError } from "../../api/types.ts";
import { Notice } from "../../ui/notice.tsx";
import { Section } from "../../ui/page.tsx";
import { FailureNotice } from "./failure-notice.tsx";
import { moneyFailure } from "./money-failure.ts";
import { OutputValue } from "./output-value.tsx";
import { RefusalCard } from "./refusal-card.tsx";
import type { RunPlace } from "./run-place.ts";
import type { BlockRun, RunState } from "./run-state.ts";
import { StreamedText } from "./streamed-text.tsx";

interface OutputPanelProps {
  readonly run: RunState;
  readonly place: RunPlace;
  readonly onRetry: (() => void) | undefined;
}

/** The run's result, or the text that is being written on the way to it. */
export function OutputPanel(props: OutputPanelProps) {
  return (
    <Section title="Output">
      <OutputBody {...props} />
    </Section>
  );
}

function OutputBody({ run, place, onRetry }: OutputPanelProps) {
  if (run.output !== null) return <OutputValue value={run.output.value} />;
  const writer = lastWriter(run);
  return (
    <div className="space-y-3">
      {run.error !== null && (
        <RunFailure error={run.error} block={failedBlock(run)} place={place} onRetry={onRetry} />
      )}
      {run.error === null && run.phase === "cancelled" && (
        <Notice>The run was cancelled before it had an output.</Notice>
      )}
      {run.error === null && run.phase === "lost" && (
        <Notice tone="bad">
          The process that ran this went away. It was charged for nothing but what it had used.
        </Notice>
      )}
      {writer !== null && (
        <div>
          <p className="mb-1 text-xs font-medium text-muted">
            {writer.status === "running" ? `${writer.name} is writing` : `What ${writer.name} had written`}
          </p>
          <StreamedText log={writer.text} streaming={writer.status === "running"} />
        </div>
      )}
      {writer === null && run.phase === "running" && (
        <p className="text-sm text-muted">The output appears here when the run completes.</p>
      )}
    </div>
  );
}

interface RunFailureProps extends Omit<OutputPanelProps, "run"> {
  readonly error: RunError;
  /** The block that failed the run, as far as it is known. */
  readonly block: BlockRun | null;
}

function RunFailure({ error, block, place, onRetry }: RunFailureProps) {
  const refused = moneyFailure(block?.error ?? error);
  if (refused !== null) return <RefusalCard notice={refused} place={place} onRetry={onRetry} />;
  return (
    <FailureNotice
      message={error.message}
      code={error.code}
      block={block?.error ?? null}
      place={place}
      role="alert"
    />
  );
}

function failedBlock({ error, blocks }: RunState): BlockRun | null {
  return error?.blockId == null ? null : (blocks.get(error.blockId) ?? null);
}

/** The block whose text is worth watching: the last one that started and has written something. */
function lastWriter(run: RunState): BlockRun | null {
  const writers = [...run.blocks.values()].filter(
    (block) => block.text.tail !== "" || block.text.pages.length > 0,
  );
  return writers.findLast((block) => block.status === "running") ?? writers.at(-1) ?? null;
}
