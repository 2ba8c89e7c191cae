import { useQueryClient } from "@tanstack/react-query";
import { trpc } from "../../api/client.ts";
import type { Workflow } from "../../api/types.ts";

/** After a change of the active version: everything that shows it is asked for again. */
export function useRefreshWorkflow(workflow: Workflow): () => Promise<void> {
  const queryClient = useQueryClient();
  return async () => {
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: trpc.deployment.list.queryKey({ workflowId: workflow.id }) }),
      queryClient.invalidateQueries({
        queryKey: trpc.deployment.costs.queryKey({ workflowId: workflow.id }),
      }),
      queryClient.invalidateQueries({ queryKey: trpc.workflow.get.queryKey({ workflowId: workflow.id }) }),
      queryClient.invalidateQueries({
        queryKey: trpc.workflow.list.queryKey({ workspaceId: workflow.workspaceId }),
      }),
    ]);
  };
}
