import { Notice } from "../../ui/notice.tsx";
import { Section } from "../../ui/page.tsx";
import { OutputValue } from "./output-value.tsx";
import type { BlockRun, RunState } from "./run-state.ts";
import { StreamedText } from "./streamed-text.tsx";

/** The run's result, or the text that is being written on the way to it. */
export function OutputPanel({ run }: { readonly run: RunState }) {
  return (
    <Section title="Output">
      <OutputBody run={run} />
    </Section>
  );
}

function OutputBody({ run }: { readonly run: RunState }) {
  if (run.output !== null) return <OutputValue value={run.output.value} />;
  const writer = lastWriter(run);
  return (
    <div className="space-y-3">
      {run.error !== null && (
        <Notice tone="bad" role="alert">
          <p className="font-medium">{run.error.message}</p>
          <code className="font-mono text-xs text-muted">{run.error.code}</code>
        </Notice>
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

/** The block whose text is worth watching: the last one that started and has written something. */
function lastWriter(run: RunState): BlockRun | null {
  const writers = [...run.blocks.values()].filter(
    (block) => block.text.tail !== "" || block.text.pages.length > 0,
  );
  return writers.findLast((block) => block.status === "running") ?? writers.at(-1) ?? null;
}
