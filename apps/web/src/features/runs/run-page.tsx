import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Square } from "lucide-react";
import { trpc } from "../../api/client.ts";
import type { RunRecord } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { Page } from "../../ui/page.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { RunFacts } from "./run-facts.tsx";
import { RunRecordView } from "./run-record-view.tsx";
import { isOver } from "./run-state.ts";

const pollMs = 1_000;

/** One run after the fact, or while it goes on somewhere else. */
export function RunPage({ workspaceId, runId }: { readonly workspaceId: string; readonly runId: string }) {
  const run = useQuery(
    trpc.execution.get.queryOptions(
      { runId },
      {
        refetchInterval: ({ state }) =>
          state.data !== undefined && !isOver(state.data.status) ? pollMs : false,
      },
    ),
  );
  return (
    <QueryView query={run} skeleton={<RunSkeleton />} errorTitle="This run could not be loaded" isPage>
      {(record) => (
        <Page
          title={`Run of ${record.workflowName}`}
          description={<code className="font-mono text-xs break-all">{record.id}</code>}
          actions={
            <>
              <span role="status" className="mr-2">
                <StatusBadge status={record.status} />
              </span>
              {!isOver(record.status) && <CancelButton record={record} />}
            </>
          }
        >
          <div className="space-y-9">
            <RunFacts record={record} />
            <RunRecordView record={record} workspaceId={workspaceId} />
          </div>
        </Page>
      )}
    </QueryView>
  );
}

function CancelButton({ record }: { readonly record: RunRecord }) {
  const queryClient = useQueryClient();
  const cancel = useMutation(
    trpc.execution.cancel.mutationOptions({
      onSuccess: () =>
        queryClient.invalidateQueries({ queryKey: trpc.execution.get.queryKey({ runId: record.id }) }),
    }),
  );
  return (
    <Button
      variant="danger"
      busy={cancel.isPending || cancel.isSuccess}
      icon={<Square aria-hidden="true" className="size-3.5 fill-current" />}
      onClick={() => cancel.mutate({ runId: record.id })}
    >
      Cancel run
    </Button>
  );
}

function RunSkeleton() {
  return (
    <Page title="Run">
      <div role="status" aria-label="Loading the run" className="space-y-6">
        <Skeleton className="h-12 w-full" />
        <Skeleton className="h-80 w-full" />
      </div>
    </Page>
  );
}
