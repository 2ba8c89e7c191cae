import { useMutation } from "@tanstack/react-query";
import { trpc } from "../../../api/client.ts";
import { readFailure } from "../../../api/failure.ts";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import type { AccountDialogProps } from "./account-dialogs.tsx";

export function UnblockDialog({ account, onClose, onDone }: AccountDialogProps) {
  const unblock = useMutation(
    trpc.admin.unblockPayer.mutationOptions({ onSuccess: () => onDone(`${account.name} is unblocked.`) }),
  );
  return (
    <ConfirmDialog
      title={`Unblock ${account.name}?`}
      confirm="Unblock"
      busy={unblock.isPending}
      error={unblock.error === null ? null : readFailure(unblock.error).message}
      onConfirm={() => unblock.mutate({ account: { kind: account.kind, id: account.id } })}
      onClose={onClose}
    >
      What it pays for runs again at once, although the payment may still be open. The next payment that fails
      blocks it again.
    </ConfirmDialog>
  );
}
