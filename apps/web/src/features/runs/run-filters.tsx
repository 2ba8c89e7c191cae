import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../api/client.ts";
import { Select } from "../../ui/select.tsx";
import { runStatuses, statusLabel } from "../../ui/status-badge.tsx";
import type { RunFilter } from "./runs-page.tsx";

interface RunFiltersProps {
  readonly workspaceId: string;
  readonly filter: RunFilter;
  readonly onFilter: (filter: RunFilter) => void;
}

export function RunFilters({ workspaceId, filter, onFilter }: RunFiltersProps) {
  const workflows = useQuery(trpc.workflow.list.queryOptions({ workspaceId }));
  return (
    <>
      <Select
        aria-label="Status"
        value={filter.status ?? ""}
        onChange={(event) =>
          onFilter({ ...filter, status: runStatuses.find((status) => status === event.target.value) })
        }
      >
        <option value="">All statuses</option>
        {runStatuses.map((status) => (
          <option key={status} value={status}>
            {statusLabel(status)}
          </option>
        ))}
      </Select>
      <Select
        aria-label="Workflow"
        value={filter.workflow ?? ""}
        onChange={(event) => onFilter({ ...filter, workflow: event.target.value || undefined })}
      >
        <option value="">All workflows</option>
        {workflows.data?.map((workflow) => (
          <option key={workflow.id} value={workflow.id}>
            {workflow.name}
          </option>
        ))}
      </Select>
    </>
  );
}
