import { useBlocker } from "@tanstack/react-router";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";

/** Asks before unsaved changes are left behind. */
export function LeaveGuard({ isDirty }: { readonly isDirty: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: () => isDirty,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  if (blocker.status !== "blocked") return null;
  return (
    <ConfirmDialog
      title="Leave without saving?"
      confirm="Leave"
      danger
      busy={false}
      error={null}
      onConfirm={blocker.proceed}
      onClose={blocker.reset}
    >
      What you changed since the last save will be lost.
    </ConfirmDialog>
  );
}
