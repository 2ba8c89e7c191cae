import { useMutation } from "@tanstack/react-query";
import { trpc } from "../../../api/client.ts";
import type { AccountMembers } from "../../../api/types.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog, DialogActions } from "../../../ui/dialog.tsx";
import { Form, textOf } from "../../../ui/form.tsx";
import { formatMoney } from "../../../ui/format.ts";
import { MutationError } from "../../../ui/mutation-error.tsx";
import { microsOf } from "../amounts.ts";
import { MoneyField } from "../limit-field.tsx";
import type { AccountDialogProps } from "./account-dialogs.tsx";

interface CapDialogProps extends AccountDialogProps {
  readonly member: AccountMembers["items"][number];
}

export function CapDialog({ account, member, onClose, onDone }: CapDialogProps) {
  const set = useMutation(
    trpc.admin.setMemberCap.mutationOptions({
      onSuccess: () => onDone(`The cap of ${member.name} holds from the next run on.`),
    }),
  );
  const send = (data: FormData) =>
    set.mutate({
      organizationId: account.id,
      userId: member.userId,
      capMicros: microsOf(textOf(data, "cap")),
    });
  return (
    <Dialog
      title={`Change the cap of ${member.name}`}
      description={`What they may use of the limit of ${account.name} in a period. They have used ${formatMoney(member.settledMicros)} of this one.`}
      onClose={onClose}
    >
      <Form label="Cap" className="space-y-4" onData={send}>
        <MoneyField
          label="Cap per period, in dollars"
          name="cap"
          value={member.capMicros}
          hint="Leave it empty for none."
        />
        <MutationError error={set.error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={set.isPending}>
            Change cap
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
