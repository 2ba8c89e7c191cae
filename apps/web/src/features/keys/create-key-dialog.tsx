import { useMutation, useQueryClient } from "@tanstack/react-query";
import { trpc } from "../../api/client.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, DialogActions } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Form, textOf } from "../../ui/form.tsx";
import { MutationError } from "../../ui/mutation-error.tsx";
import { Select } from "../../ui/select.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { NewKey } from "./new-key.tsx";

interface CreateKeyDialogProps {
  readonly workspaceId: string;
  readonly onClose: () => void;
}

export function CreateKeyDialog({ workspaceId, onClose }: CreateKeyDialogProps) {
  const queryClient = useQueryClient();
  const create = useMutation(
    trpc.apiKey.create.mutationOptions({
      onSuccess: () =>
        queryClient.invalidateQueries({ queryKey: trpc.apiKey.list.queryKey({ workspaceId }) }),
    }),
  );
  if (create.data !== undefined)
    return <NewKey workspaceId={workspaceId} secret={create.data.secret} onClose={onClose} />;

  const send = (data: FormData) => {
    const days = Number(textOf(data, "expiresInDays"));
    create.mutate({ workspaceId, name: textOf(data, "name"), ...(days > 0 ? { expiresInDays: days } : {}) });
  };
  return (
    <Dialog title="New API key" onClose={onClose}>
      <Form label="New API key" className="space-y-4" onData={send}>
        <TextField
          label="Name"
          name="name"
          required
          maxLength={100}
          hint="Where it is used, such as Checkout service."
        />
        <Field label="Expires">
          {(control) => (
            <span className="block">
              <Select {...control} name="expiresInDays" defaultValue="90">
                <option value="30">In 30 days</option>
                <option value="90">In 90 days</option>
                <option value="365">In a year</option>
                <option value="0">Never</option>
              </Select>
            </span>
          )}
        </Field>
        <MutationError error={create.error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={create.isPending}>
            Create key
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
