import { useMutation } from "@tanstack/react-query";
import { trpc } from "../../../api/client.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog, DialogActions } from "../../../ui/dialog.tsx";
import { Form, textOf } from "../../../ui/form.tsx";
import { MutationError } from "../../../ui/mutation-error.tsx";
import { countOf, microsOf } from "../amounts.ts";
import { CountField, MoneyField } from "../limit-field.tsx";
import type { AccountDialogProps } from "./account-dialogs.tsx";

export function ShadowDialog({ account, onClose, onDone }: AccountDialogProps) {
  const { shadowLimits } = account;
  const set = useMutation(
    trpc.admin.setShadowLimits.mutationOptions({
      onSuccess: () => onDone(`The shadow limits of ${account.name} are evaluated from the next run on.`),
    }),
  );
  const send = (data: FormData) =>
    set.mutate({
      account: { kind: account.kind, id: account.id },
      shadowLimits: {
        usageLimitMicros: microsOf(textOf(data, "usageLimit")),
        runsPerMinute: countOf(textOf(data, "rate")),
        concurrentRunsMax: countOf(textOf(data, "concurrent")),
      },
    });
  return (
    <Dialog
      title={`Change the shadow limits of ${account.name}`}
      description="They refuse no run. What they would have refused is counted, and shown under Shadow limits. An empty field rehearses nothing."
      onClose={onClose}
    >
      <Form label="Shadow limits" className="space-y-4" onData={send}>
        <MoneyField
          label="Usage per period, in dollars"
          name="usageLimit"
          value={shadowLimits.usageLimitMicros}
          hint="What is used and held counts against it."
        />
        <CountField
          label="Runs per minute"
          name="rate"
          value={shadowLimits.runsPerMinute}
          hint="Of all runs together, however they were started."
        />
        <CountField
          label="Runs at once"
          name="concurrent"
          value={shadowLimits.concurrentRunsMax}
          hint="Slots in use when a run is admitted."
        />
        <MutationError error={set.error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={set.isPending}>
            Change shadow limits
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
