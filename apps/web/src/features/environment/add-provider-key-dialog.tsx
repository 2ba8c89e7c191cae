import { useMutation } from "@tanstack/react-query";
import { trpc } from "../../api/client.ts";
import type { ProviderKeyOwner } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, DialogActions } from "../../ui/dialog.tsx";
import { Form, textOf } from "../../ui/form.tsx";
import { MutationError } from "../../ui/mutation-error.tsx";
import { TextField } from "../../ui/text-field.tsx";

interface AddProviderKeyDialogProps {
  readonly owner: ProviderKeyOwner;
  readonly title: string;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

export function AddProviderKeyDialog({ owner, title, onClose, onDone }: AddProviderKeyDialogProps) {
  const add = useMutation(trpc.providerKey.add.mutationOptions({ onSuccess: onDone }));
  const send = (data: FormData) =>
    add.mutate({
      owner,
      provider: "anthropic",
      name: textOf(data, "name"),
      secret: textOf(data, "secret"),
    });
  return (
    <Dialog
      title={title}
      description="For Anthropic. It is encrypted and never shown again."
      onClose={onClose}
    >
      <Form label={title} className="space-y-4" onData={send}>
        <TextField label="Name" name="name" required maxLength={100} autoComplete="off" />
        <TextField label="Key" name="secret" type="password" required autoComplete="off" spellCheck={false} />
        <MutationError error={add.error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={add.isPending}>
            Add key
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
