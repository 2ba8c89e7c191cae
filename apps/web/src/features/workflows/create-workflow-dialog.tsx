import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { trpc } from "../../api/client.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, DialogActions } from "../../ui/dialog.tsx";
import { Form, textOf } from "../../ui/form.tsx";
import { MutationError } from "../../ui/mutation-error.tsx";
import { TextField } from "../../ui/text-field.tsx";

interface CreateWorkflowDialogProps {
  readonly workspaceId: string;
  readonly onClose: () => void;
}

export function CreateWorkflowDialog({ workspaceId, onClose }: CreateWorkflowDialogProps) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation(
    trpc.workflow.create.mutationOptions({
      onSuccess: async ({ id }) => {
        await queryClient.invalidateQueries({ queryKey: trpc.workflow.list.queryKey({ workspaceId }) });
        await navigate({
          to: "/w/$workspaceId/workflows/$workflowId/edit",
          params: { workspaceId, workflowId: id },
        });
      },
    }),
  );
  return (
    <Dialog title="New workflow" description="It begins with a start and a response block." onClose={onClose}>
      <Form
        label="New workflow"
        className="space-y-4"
        onData={(data) =>
          create.mutate({ workspaceId, name: textOf(data, "name"), description: textOf(data, "description") })
        }
      >
        <TextField label="Name" name="name" required maxLength={100} />
        <TextField
          label="Description"
          name="description"
          maxLength={500}
          hint="Optional. What it is for, in a sentence."
        />
        <MutationError error={create.error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={create.isPending}>
            Create workflow
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
