import { useMutation } from "@tanstack/react-query";
import { trpc } from "../../../api/client.ts";
import { readFailure } from "../../../api/failure.ts";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import type { AccountDialogProps } from "./account-dialogs.tsx";

export function LiftBanDialog({ account, onClose, onDone }: AccountDialogProps) {
  const lift = useMutation(
    trpc.admin.liftBan.mutationOptions({ onSuccess: () => onDone(`The ban of ${account.name} is lifted.`) }),
  );
  return (
    <ConfirmDialog
      title={`Lift the ban of ${account.name}?`}
      confirm="Lift ban"
      busy={lift.isPending}
      error={lift.error === null ? null : readFailure(lift.error).message}
      onConfirm={() => lift.mutate({ account: { kind: account.kind, id: account.id } })}
      onClose={onClose}
    >
      Runs are admitted again at once. The ban stays in the account's history.
    </ConfirmDialog>
  );
}
