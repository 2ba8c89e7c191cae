import { useMutation } from "@tanstack/react-query";
import { trpc } from "../../api/client.ts";
import type { RunCost, Workflow } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, DialogActions } from "../../ui/dialog.tsx";
import { Form, textOf } from "../../ui/form.tsx";
import { MutationError } from "../../ui/mutation-error.tsx";
import { Notice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { runCostSentence } from "./run-cost-words.ts";
import { useRefreshWorkflow } from "./use-refresh-workflow.ts";

interface DeployDialogProps {
  readonly workflow: Workflow;
  /** Of the saved draft; null while that is not known, and for one that does not compile. */
  readonly cost: RunCost | null;
  readonly onClose: () => void;
  readonly onDone: (announcement: string) => void;
}

export function DeployDialog({ workflow, cost, onClose, onDone }: DeployDialogProps) {
  const refresh = useRefreshWorkflow(workflow);
  const deploy = useMutation(
    trpc.deployment.deploy.mutationOptions({
      onSuccess: async ({ number }) => {
        await refresh();
        onDone(`Version ${number} is active.`);
        onClose();
      },
    }),
  );
  const send = (data: FormData) => {
    const note = textOf(data, "note");
    deploy.mutate({ workflowId: workflow.id, ...(note === "" ? {} : { note }) });
  };
  return (
    <Dialog
      title="Deploy the draft"
      description="The saved draft becomes a new version and is active at once."
      onClose={onClose}
    >
      <Form label="Deploy the draft" className="space-y-4" onData={send}>
        <TextField
          label="Note"
          name="note"
          maxLength={500}
          hint="Optional. What changed, for whoever rolls back."
        />
        {cost !== null && <Notice>{runCostSentence(cost)}.</Notice>}
        <MutationError error={deploy.error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={deploy.isPending}>
            Deploy now
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
