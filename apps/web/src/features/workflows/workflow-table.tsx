import { Link } from "@tanstack/react-router";
import type { WorkflowSummary } from "../../api/types.ts";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { RelativeTime } from "../../ui/time.tsx";
import { VersionBadge } from "./version-badge.tsx";

interface WorkflowTableProps {
  readonly workspaceId: string;
  readonly workflows: readonly WorkflowSummary[];
}

const cell = "md:table-cell md:py-3.5 md:px-2 align-middle";

export function WorkflowTable({ workspaceId, workflows }: WorkflowTableProps) {
  return (
    <table className="block w-full text-sm md:table">
      <thead className="max-md:sr-only">
        <tr className="border-b border-line text-left text-xs text-muted *:px-2 *:pb-2 *:font-medium">
          <th scope="col">Name</th>
          <th scope="col">Active version</th>
          <th scope="col">Last run</th>
          <th scope="col" className="text-right">
            Updated
          </th>
        </tr>
      </thead>
      <tbody className="block divide-y divide-line md:table-row-group">
        {workflows.map((workflow) => (
          <tr
            key={workflow.id}
            className="numbers relative grid grid-cols-[1fr_auto] gap-x-4 gap-y-1.5 py-4 transition-colors hover:bg-subtle md:table-row md:py-0"
          >
            <td className={`${cell} min-w-0 md:max-w-96`}>
              <Link
                to="/w/$workspaceId/workflows/$workflowId"
                params={{ workspaceId, workflowId: workflow.id }}
                className="font-medium after:absolute after:inset-0"
              >
                {workflow.name}
              </Link>
              {workflow.description !== "" && (
                <span className="block truncate text-[13px] text-muted">{workflow.description}</span>
              )}
            </td>
            <td className={`${cell} max-md:text-right`}>
              <VersionBadge number={workflow.activeVersionNumber} />
            </td>
            <td className={cell}>
              {workflow.lastRun === null ? (
                <span className="text-[13px] text-muted">Never ran</span>
              ) : (
                <span className="flex flex-wrap items-center gap-x-3 text-[13px] text-muted">
                  <StatusBadge status={workflow.lastRun.status} />
                  <RelativeTime at={workflow.lastRun.createdAt} />
                </span>
              )}
            </td>
            <td className={`${cell} text-right text-[13px] text-muted max-md:hidden`}>
              <RelativeTime at={workflow.updatedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
