import { useMutation, useQueryClient } from "@tanstack/react-query";
import { trpc } from "../../api/client.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, DialogActions } from "../../ui/dialog.tsx";
import { Form, textOf } from "../../ui/form.tsx";
import { MutationError } from "../../ui/mutation-error.tsx";
import { TextField } from "../../ui/text-field.tsx";

interface CreateWorkspaceDialogProps {
  readonly onClose: () => void;
  readonly onCreated: (workspaceId: string) => void;
}

export function CreateWorkspaceDialog({ onClose, onCreated }: CreateWorkspaceDialogProps) {
  const queryClient = useQueryClient();
  const create = useMutation(
    trpc.workspace.create.mutationOptions({
      onSuccess: async ({ id }) => {
        await queryClient.invalidateQueries({ queryKey: trpc.workspace.list.queryKey() });
        onClose();
        onCreated(id);
      },
    }),
  );
  return (
    <Dialog title="New workspace" description="You pay for what runs in it." onClose={onClose}>
      <Form
        label="New workspace"
        className="space-y-4"
        onData={(data) => create.mutate({ name: textOf(data, "name") })}
      >
        <TextField label="Name" name="name" required maxLength={100} />
        <MutationError error={create.error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={create.isPending}>
            Create workspace
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
