import { useQuery } from "@tanstack/react-query";
import { Plus, Workflow as WorkflowIcon } from "lucide-react";
import { useState } from "react";
import { trpc } from "../../api/client.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Page } from "../../ui/page.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { CreateWorkflowDialog } from "./create-workflow-dialog.tsx";
import { WorkflowTable } from "./workflow-table.tsx";

export function WorkflowsPage({ workspaceId }: { readonly workspaceId: string }) {
  const workflows = useQuery(trpc.workflow.list.queryOptions({ workspaceId }));
  const [creating, setCreating] = useState(false);
  const create = (
    <Button
      variant="primary"
      icon={<Plus aria-hidden="true" className="size-4" />}
      onClick={() => setCreating(true)}
    >
      New workflow
    </Button>
  );
  return (
    <Page
      title="Workflows"
      description="Draft, try and deploy what your product runs."
      actions={workflows.data !== undefined && workflows.data.length > 0 && create}
    >
      <QueryView
        query={workflows}
        skeleton={<SkeletonRows label="Loading workflows" />}
        errorTitle="The workflows could not be loaded"
      >
        {(items) =>
          items.length === 0 ? (
            <EmptyState icon={WorkflowIcon} title="No workflows yet" action={create}>
              A workflow is a graph of blocks: typed inputs, models, code, HTTP calls and a response.
            </EmptyState>
          ) : (
            <WorkflowTable workspaceId={workspaceId} workflows={items} />
          )
        }
      </QueryView>
      {creating && <CreateWorkflowDialog workspaceId={workspaceId} onClose={() => setCreating(false)} />}
    </Page>
  );
}
