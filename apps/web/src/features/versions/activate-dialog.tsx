import { useMutation } from "@tanstack/react-query";
import { trpc } from "../../api/client.ts";
import { readFailure } from "../../api/failure.ts";
import type { Deployment, Workflow } from "../../api/types.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { useRefreshWorkflow } from "./use-refresh-workflow.ts";

interface ActivateDialogProps {
  readonly workflow: Workflow;
  readonly version: Deployment;
  readonly label: string;
  readonly onClose: () => void;
  readonly onDone: (announcement: string) => void;
}

export function ActivateDialog({ workflow, version, label, onClose, onDone }: ActivateDialogProps) {
  const refresh = useRefreshWorkflow(workflow);
  const activate = useMutation(
    trpc.deployment.activate.mutationOptions({
      onSuccess: async ({ number }) => {
        await refresh();
        onDone(`Version ${number} is active.`);
        onClose();
      },
    }),
  );
  const current = workflow.activeVersion?.number ?? null;
  return (
    <ConfirmDialog
      title={`${label}?`}
      confirm={label}
      busy={activate.isPending}
      error={activate.error === null ? null : readFailure(activate.error).message}
      onConfirm={() => activate.mutate({ workflowId: workflow.id, versionId: version.id })}
      onClose={onClose}
    >
      New runs use it {current !== null && `instead of version ${current} `}from this moment on. Runs in
      progress keep the version they began with. The draft stays as it is.
    </ConfirmDialog>
  );
}
