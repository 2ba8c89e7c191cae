import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { trpc } from "../../../api/client.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog, DialogActions } from "../../../ui/dialog.tsx";
import { Field, inputClass } from "../../../ui/field.tsx";
import { Form, textOf } from "../../../ui/form.tsx";
import { MutationError } from "../../../ui/mutation-error.tsx";
import { Select } from "../../../ui/select.tsx";
import { TextField } from "../../../ui/text-field.tsx";
import type { AccountDialogProps } from "./account-dialogs.tsx";

const dayMs = 86_400_000;

export function BanDialog({ account, onClose, onDone }: AccountDialogProps) {
  const [end, setEnd] = useState("7");
  const ban = useMutation(
    trpc.admin.ban.mutationOptions({ onSuccess: () => onDone(`${account.name} is banned.`) }),
  );
  const send = (data: FormData) => {
    ban.mutate({
      account: { kind: account.kind, id: account.id },
      reason: textOf(data, "reason"),
      endsAt: endOf(end, textOf(data, "date")),
    });
  };
  return (
    <Dialog
      title={`Ban ${account.name}?`}
      description={
        account.kind === "user"
          ? "From the next run on, everything is refused that they start, that they pay for, or whose workflow is theirs. They can still sign in. Runs in progress go on."
          : "From the next run on, everything is refused that this organization pays for, whoever starts it. Runs in progress go on."
      }
      onClose={onClose}
    >
      <Form label={`Ban ${account.name}`} className="space-y-4" onData={send}>
        <Field label="Reason" hint="For admins only. It is never shown to the account.">
          {(control) => (
            <textarea
              {...control}
              name="reason"
              required
              rows={2}
              maxLength={500}
              className={`${inputClass} block resize-y`}
            />
          )}
        </Field>
        <Field label="Ends">
          {(control) => (
            <span className="block">
              <Select {...control} value={end} onChange={(event) => setEnd(event.target.value)}>
                <option value="1">In a day</option>
                <option value="7">In 7 days</option>
                <option value="30">In 30 days</option>
                <option value="date">On a date</option>
                <option value="never">When an admin lifts it</option>
              </Select>
            </span>
          )}
        </Field>
        {end === "date" && (
          <TextField
            label="Date and time"
            name="date"
            type="datetime-local"
            required
            max="9999-12-31T23:59"
            hint="In your own time zone."
          />
        )}
        <MutationError error={ban.error} />
        <DialogActions>
          <Button onClick={onClose}>Keep as it is</Button>
          <Button type="submit" variant="danger" busy={ban.isPending}>
            Ban
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

function endOf(end: string, date: string): number | null {
  if (end === "never") return null;
  return end === "date" ? new Date(date).getTime() : Date.now() + Number(end) * dayMs;
}
