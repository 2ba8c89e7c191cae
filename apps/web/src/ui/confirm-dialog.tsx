import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { Dialog, DialogActions } from "./dialog.tsx";
import { Notice } from "./notice.tsx";

interface ConfirmDialogProps {
  readonly title: string;
  readonly confirm: string;
  readonly danger?: boolean;
  readonly busy: boolean;
  readonly error: string | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks before something that other people will notice. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Dialog title={props.title} description={props.children} onClose={props.onClose}>
      {props.error !== null && (
        <Notice tone="bad" role="alert">
          {props.error}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={props.onClose}>Keep as it is</Button>
        <Button variant={props.danger ? "danger" : "primary"} busy={props.busy} onClick={props.onConfirm}>
          {props.confirm}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
