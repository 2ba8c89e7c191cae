import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { trpc } from "../../api/client.ts";
import type { Workflow } from "../../api/types.ts";
import { Page } from "../../ui/page.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { VersionBadge } from "./version-badge.tsx";
import { WorkflowMenu } from "./workflow-menu.tsx";

interface WorkflowFrameProps {
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly children: (workflow: Workflow) => ReactNode;
}

/** A workflow's title and tabs around one of its pages. */
export function WorkflowFrame({ workspaceId, workflowId, children }: WorkflowFrameProps) {
  const workflow = useQuery(trpc.workflow.get.queryOptions({ workflowId }));
  return (
    <QueryView
      query={workflow}
      skeleton={<WorkflowSkeleton />}
      errorTitle="This workflow could not be loaded"
      isPage
    >
      {(data) => (
        <Page
          title={data.name}
          description={data.description}
          actions={
            <>
              <VersionBadge number={data.activeVersion?.number ?? null} />
              <WorkflowMenu workflow={data} workspaceId={workspaceId} />
            </>
          }
        >
          <Tabs workspaceId={workspaceId} workflowId={workflowId} />
          {children(data)}
        </Page>
      )}
    </QueryView>
  );
}

const tabClass =
  "-mb-px border-b-2 border-transparent px-0.5 pb-2.5 text-sm font-medium text-muted transition-colors hover:text-fg aria-[current=page]:border-accent-text aria-[current=page]:text-fg";

function Tabs({ workspaceId, workflowId }: { readonly workspaceId: string; readonly workflowId: string }) {
  const params = { workspaceId, workflowId };
  return (
    <nav aria-label="Workflow" className="mb-8 flex gap-6 border-b border-line">
      <Link
        to="/w/$workspaceId/workflows/$workflowId"
        params={params}
        activeOptions={{ exact: true }}
        className={tabClass}
      >
        Run
      </Link>
      <Link to="/w/$workspaceId/workflows/$workflowId/edit" params={params} className={tabClass}>
        Edit
      </Link>
      <Link to="/w/$workspaceId/workflows/$workflowId/versions" params={params} className={tabClass}>
        Versions
      </Link>
    </nav>
  );
}

function WorkflowSkeleton() {
  return (
    <Page title="Workflow">
      <div role="status" aria-label="Loading the workflow" className="grid gap-10 lg:grid-cols-[340px_1fr]">
        <Skeleton className="h-48" />
        <Skeleton className="h-[26rem]" />
      </div>
    </Page>
  );
}
