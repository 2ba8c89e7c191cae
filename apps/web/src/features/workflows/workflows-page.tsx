import { useQuery } from "@tanstack/react-query";
import { Workflow as WorkflowIcon } from "lucide-react";
import { trpc } from "../../api/client.ts";
import { CollectionPage } from "../../ui/collection-page.tsx";
import { CreateWorkflowDialog } from "./create-workflow-dialog.tsx";
import { WorkflowTable } from "./workflow-table.tsx";

export function WorkflowsPage({ workspaceId }: { readonly workspaceId: string }) {
  const workflows = useQuery(trpc.workflow.list.queryOptions({ workspaceId }));
  return (
    <CollectionPage
      title="Workflows"
      things="workflows"
      description="Draft, try and deploy what your product runs."
      query={workflows}
      icon={WorkflowIcon}
      whenEmpty="A workflow is a graph of blocks: typed inputs, models, code, HTTP calls and a response."
      createLabel="New workflow"
      renderDialog={(onClose) => <CreateWorkflowDialog workspaceId={workspaceId} onClose={onClose} />}
    >
      {(items) => <WorkflowTable workspaceId={workspaceId} workflows={items} />}
    </CollectionPage>
  );
}
