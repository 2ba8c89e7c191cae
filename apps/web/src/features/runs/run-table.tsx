import { Link } from "@tanstack/react-router";
import type { RunSummary } from "../../api/types.ts";
import { formatDuration, formatMoney } from "../../ui/format.ts";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { RelativeTime } from "../../ui/time.tsx";
import { refusalTitle } from "./refusal-words.ts";
import { triggerLabel, versionLabel } from "./run-words.ts";

interface RunTableProps {
  readonly workspaceId: string;
  readonly runs: readonly RunSummary[];
}

/** A table on wide screens, cards on narrow ones: the same cells, placed by the grid. */
export function RunTable({ workspaceId, runs }: RunTableProps) {
  return (
    <table className="block w-full text-sm md:table">
      <thead className="max-md:sr-only">
        <tr className="border-b border-line text-left text-xs text-muted *:px-2 *:pb-2 *:font-medium">
          <th scope="col">Status</th>
          <th scope="col">Workflow</th>
          <th scope="col">Version</th>
          <th scope="col">Trigger</th>
          <th scope="col" className="text-right">
            Duration
          </th>
          <th scope="col" className="text-right">
            Cost
          </th>
          <th scope="col" className="text-right">
            Started
          </th>
        </tr>
      </thead>
      <tbody className="block divide-y divide-line md:table-row-group">
        {runs.map((run) => (
          <RunRow key={run.id} workspaceId={workspaceId} run={run} />
        ))}
      </tbody>
    </table>
  );
}

const cell = "md:table-cell md:py-3 md:px-2 align-middle";

function RunRow({ workspaceId, run }: { readonly workspaceId: string; readonly run: RunSummary }) {
  return (
    <tr className="numbers relative grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 py-3.5 transition-colors hover:bg-subtle md:table-row md:py-0">
      <td className={`${cell} max-md:order-2 max-md:text-right`}>
        <StatusBadge status={run.status} />
      </td>
      <td className={`${cell} min-w-0 max-md:order-1`}>
        <Link
          to="/w/$workspaceId/runs/$runId"
          params={{ workspaceId, runId: run.id }}
          className="font-medium after:absolute after:inset-0"
        >
          {run.workflowName}
        </Link>
        {run.refusalCode !== null && (
          <span className="block text-xs text-muted">{refusalTitle(run.refusalCode)}</span>
        )}
      </td>
      <td className={`${cell} text-muted max-md:hidden`}>{versionLabel(run.versionNumber)}</td>
      <td className={`${cell} text-muted max-md:order-3 max-md:text-xs`}>
        {triggerLabel(run.profile)}
        <span className="md:hidden"> · {versionLabel(run.versionNumber)}</span>
      </td>
      <td className={`${cell} text-right text-muted max-md:hidden`}>
        {run.durationMs === null ? "–" : formatDuration(run.durationMs)}
      </td>
      <td className={`${cell} text-right text-muted max-md:hidden`}>
        {run.costMicros === 0 ? "–" : formatMoney(run.costMicros)}
      </td>
      <td className={`${cell} text-right text-muted max-md:order-4 max-md:text-xs`}>
        <span className="md:hidden">{run.durationMs !== null && `${formatDuration(run.durationMs)} · `}</span>
        <RelativeTime at={run.createdAt} />
      </td>
    </tr>
  );
}
