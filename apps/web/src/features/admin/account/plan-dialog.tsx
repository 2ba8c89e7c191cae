import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { trpc } from "../../../api/client.ts";
import type { AdminAccount } from "../../../api/types.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog, DialogActions } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { Form, textOf } from "../../../ui/form.tsx";
import { MutationError } from "../../../ui/mutation-error.tsx";
import { Select } from "../../../ui/select.tsx";
import { countOf, microsOf } from "../amounts.ts";
import { CountField, MoneyField } from "../limit-field.tsx";
import { planLabels } from "../plan-words.ts";
import type { AccountDialogProps } from "./account-dialogs.tsx";

const plans: readonly AdminAccount["plan"][] = ["free", "pro", "team", "enterprise"];

export function PlanDialog({ account, onClose, onDone }: AccountDialogProps) {
  const own = account.subscription?.source === "own" ? account.subscription : null;
  const [plan, setPlan] = useState(own === null ? "free" : account.plan);
  const set = useMutation(
    trpc.admin.setPlan.mutationOptions({
      onSuccess: () => onDone(`${account.name} is on the ${planLabels[plan]} plan.`),
    }),
  );
  const send = (data: FormData) =>
    set.mutate({
      account: { kind: account.kind, id: account.id },
      plan,
      seats: countOf(textOf(data, "seats")) ?? 1,
      usageLimitMicros: microsOf(textOf(data, "usageLimit")),
    });
  return (
    <Dialog
      title={`Change the plan of ${account.name}`}
      description={
        plan === "free"
          ? "Its subscription ends now. The period is the calendar month from then on, with what was used in it."
          : "A new period of a month begins now, with nothing used of it."
      }
      onClose={onClose}
    >
      <Form label="Plan" className="space-y-4" onData={send}>
        <Field label="Plan">
          {(control) => (
            <span className="block">
              <Select
                {...control}
                value={plan}
                onChange={(event) =>
                  setPlan(plans.find((known) => known === event.target.value) ?? account.plan)
                }
              >
                {plans.map((name) => (
                  <option key={name} value={name}>
                    {planLabels[name]}
                  </option>
                ))}
              </Select>
            </span>
          )}
        </Field>
        {plan === "team" && (
          <CountField
            label="Seats"
            name="seats"
            value={own?.seats ?? 1}
            required
            hint="The usage limit is the plan's for each seat."
          />
        )}
        <MoneyField
          label="Usage limit per period, in dollars"
          name="usageLimit"
          value={account.overrides.usageLimitMicros}
          required={plan === "enterprise"}
          hint={limitHints[plan]}
        />
        <MutationError error={set.error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={set.isPending}>
            Change plan
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

const limitHints: Readonly<Record<AdminAccount["plan"], string>> = {
  free: "Leave it empty for the plan's own.",
  pro: "Leave it empty for the plan's own.",
  team: "Leave it empty for the seats' own. It only ever raises that.",
  enterprise: "An enterprise may use exactly this.",
};
