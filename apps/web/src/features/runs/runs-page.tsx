import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { Activity, SearchX } from "lucide-react";
import { client, trpc } from "../../api/client.ts";
import { readFailure } from "../../api/failure.ts";
import type { RunStatus } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Page } from "../../ui/page.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { RunFilters } from "./run-filters.tsx";
import { RunTable } from "./run-table.tsx";

export interface RunFilter {
  readonly status?: RunStatus | undefined;
  readonly workflow?: string | undefined;
}

interface RunsPageProps {
  readonly workspaceId: string;
  readonly filter: RunFilter;
  readonly onFilter: (filter: RunFilter) => void;
}

const refreshMs = 5_000;

const firstPage: { readonly cursor?: string } = {};

export function RunsPage({ workspaceId, filter, onFilter }: RunsPageProps) {
  return (
    <Page
      title="Runs"
      description="Every run of this workspace, refused ones included, newest first."
      actions={<RunFilters workspaceId={workspaceId} filter={filter} onFilter={onFilter} />}
    >
      <RunsList workspaceId={workspaceId} filter={filter} />
    </Page>
  );
}

function RunsList({ workspaceId, filter }: Pick<RunsPageProps, "workspaceId" | "filter">) {
  const runs = useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: [...trpc.execution.list.pathKey(), workspaceId, filter],
      // The library's own options would add a `direction`, which the procedure does not take.
      queryFn: ({ pageParam }) =>
        client.execution.list.query({ ...listInput(workspaceId, filter), ...pageParam }),
      initialPageParam: firstPage,
      getNextPageParam: ({ nextCursor }) => (nextCursor === null ? null : { cursor: nextCursor }),
      // Only the first page is watched: asking again for every page that was loaded would grow without bound.
      refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : refreshMs),
    }),
  );
  if (runs.data === undefined) {
    if (runs.error === null) return <SkeletonRows rows={6} label="Loading runs" />;
    const { message } = readFailure(runs.error);
    return (
      <ErrorState
        title="The runs could not be loaded"
        message={message}
        onRetry={() => void runs.refetch()}
      />
    );
  }
  const items = runs.data.pages.flatMap((page) => page.items);
  if (items.length === 0)
    return <NoRuns filtered={filter.status !== undefined || filter.workflow !== undefined} />;
  return (
    <>
      <RunTable workspaceId={workspaceId} runs={items} />
      {runs.hasNextPage && (
        <div className="mt-6 flex justify-center">
          <Button busy={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
            Load more
          </Button>
        </div>
      )}
    </>
  );
}

function listInput(workspaceId: string, { status, workflow }: RunFilter) {
  return {
    workspaceId,
    ...(status === undefined ? {} : { status: [status] }),
    ...(workflow === undefined ? {} : { workflowId: workflow }),
  };
}

function NoRuns({ filtered }: { readonly filtered: boolean }) {
  return filtered ? (
    <EmptyState icon={SearchX} title="No run matches">
      Choose another status or workflow to see more.
    </EmptyState>
  ) : (
    <EmptyState icon={Activity} title="No runs yet">
      Open a workflow and press Run, or call it over REST with an API key. Its runs appear here.
    </EmptyState>
  );
}
