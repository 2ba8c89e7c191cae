import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { trpc } from "../../api/client.ts";
import { readFailure } from "../../api/failure.ts";
import type { Workflow } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { useRefreshWorkflow } from "./use-refresh-workflow.ts";

interface UndeployButtonProps {
  readonly workflow: Workflow;
  readonly onDone: (announcement: string) => void;
}

export function UndeployButton({ workflow, onDone }: UndeployButtonProps) {
  const [asking, setAsking] = useState(false);
  const refresh = useRefreshWorkflow(workflow);
  const undeploy = useMutation(
    trpc.deployment.undeploy.mutationOptions({
      onSuccess: async () => {
        await refresh();
        onDone("No version is active.");
        setAsking(false);
      },
    }),
  );
  return (
    <>
      <Button onClick={() => setAsking(true)}>Undeploy</Button>
      {asking && (
        <ConfirmDialog
          title="Undeploy this workflow?"
          confirm="Undeploy"
          danger
          busy={undeploy.isPending}
          error={undeploy.error === null ? null : readFailure(undeploy.error).message}
          onConfirm={() => undeploy.mutate({ workflowId: workflow.id })}
          onClose={() => setAsking(false)}
        >
          API calls are refused from then on. Runs in progress end as they began, and any version can be
          activated again.
        </ConfirmDialog>
      )}
    </>
  );
}
