import { Link } from "@tanstack/react-router";
import { ArrowUpRight, Play } from "lucide-react";
import { formatDuration, formatMoney } from "../../ui/format.ts";
import { MutationError } from "../../ui/mutation-error.tsx";
import { Notice } from "../../ui/notice.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { RefusalCard } from "./refusal-card.tsx";
import { refusalNotice } from "./refusal-notice.ts";
import type { RunPlace } from "./run-place.ts";
import type { RunState } from "./run-state.ts";
import type { LiveRun } from "./run-stream.ts";

interface LiveRunStatusProps {
  readonly live: LiveRun;
  readonly cancelError: unknown;
  readonly place: RunPlace;
  readonly onRetry: () => void;
}

/** How the run that is being watched stands, or why there is none. */
export function LiveRunStatus({ live, cancelError, place, onRetry }: LiveRunStatusProps) {
  if (live.kind === "idle") return <BeforeTheFirstRun />;
  if (live.kind === "failed") {
    return (
      <Notice tone="bad" role="alert">
        <p className="font-medium">{live.failure.message}</p>
        <ul className="mt-1 list-disc pl-4 empty:hidden">
          {live.failure.problems.map((problem) => (
            <li key={`${problem.path.join(".")} ${problem.message}`}>{problem.message}</li>
          ))}
        </ul>
      </Notice>
    );
  }
  const { run, connection } = live;
  if (run.phase === "refused" && run.refusal !== null) {
    return <RefusalCard notice={refusalNotice(run.refusal)} place={place} onRetry={onRetry} />;
  }
  return (
    <div className="space-y-3">
      <RunHeadline run={run} workspaceId={place.workspaceId} />
      <MutationError error={cancelError} />
      {connection === "reconnecting" && (
        <Notice tone="warn" role="status">
          The connection was lost. Reconnecting to this run.
        </Notice>
      )}
      {connection === "lost" && (
        <Notice tone="warn" role="status">
          This run can no longer be watched here. It goes on: open it to see where it stands.
        </Notice>
      )}
      {run.missed > 0 && (
        <Notice role="status">Part of the stream did not arrive. The run's page has all of it.</Notice>
      )}
    </div>
  );
}

function BeforeTheFirstRun() {
  return (
    <div className="flex min-h-52 flex-col items-center justify-center rounded-xl border border-dashed border-line-strong px-6 py-10 text-center">
      <Play aria-hidden="true" className="mb-3 size-5 text-muted" />
      <p className="text-sm font-medium">Run the draft to watch it here</p>
      <p className="mt-1 max-w-sm text-[13px] text-muted">
        First the gates that admit it, then its blocks and what they write. Explain asks the gates without
        running.
      </p>
    </div>
  );
}

function RunHeadline({ run, workspaceId }: { readonly run: RunState; readonly workspaceId: string }) {
  return (
    <div className="flex min-h-6 flex-wrap items-center gap-x-4 gap-y-1">
      <span role="status" aria-label="Run status">
        {run.phase === "deciding" ? (
          <span className="text-[13px] font-medium text-muted">Deciding</span>
        ) : (
          <StatusBadge status={run.phase} />
        )}
      </span>
      <span className="numbers text-[13px] text-muted">
        {run.durationMs !== null && formatDuration(run.durationMs)}
        {run.costMicros !== null && ` · ${formatMoney(run.costMicros)}`}
      </span>
      {run.runId !== null && (
        <Link
          to="/w/$workspaceId/runs/$runId"
          params={{ workspaceId, runId: run.runId }}
          className="ml-auto inline-flex items-center gap-1 text-[13px] font-medium text-accent-text hover:underline"
        >
          Open run
          <ArrowUpRight aria-hidden="true" className="size-3.5" />
        </Link>
      )}
    </div>
  );
}
