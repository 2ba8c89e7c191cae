import { useMutation } from "@tanstack/react-query";
import { trpc } from "../../../api/client.ts";
import { readFailure } from "../../../api/failure.ts";
import type { Slot } from "../../../api/types.ts";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { formatMoney } from "../../../ui/format.ts";
import { useRefreshAdmin } from "../use-refresh-admin.ts";

interface FreeSlotDialogProps {
  readonly slot: Slot;
  readonly onClose: () => void;
  /** Told what became of it, in a sentence. */
  readonly onDone: (said: string) => void;
}

export function FreeSlotDialog({ slot, onClose, onDone }: FreeSlotDialogProps) {
  const refresh = useRefreshAdmin();
  const name = slot.workflowName ?? "a deleted workflow";
  const free = useMutation(
    trpc.admin.freeSlot.mutationOptions({
      onSuccess: async ({ outcome }) => {
        await refresh();
        onDone(
          outcome === "freed"
            ? `The slot of ${name} is free; its run is lost.`
            : `The run of ${name} had ended by itself.`,
        );
      },
    }),
  );
  return (
    <ConfirmDialog
      title={`Free the slot of ${name}?`}
      confirm="Free slot"
      danger
      busy={free.isPending}
      error={free.error === null ? null : readFailure(free.error).message}
      onConfirm={() => free.mutate({ runId: slot.runId })}
      onClose={onClose}
    >
      The run ends now, as lost, and gives no output. {formatMoney(slot.holdMicros)} of hold returns to its
      payer; what its model calls were charged so far stays charged. A process that still works on it is
      stopped.
    </ConfirmDialog>
  );
}
