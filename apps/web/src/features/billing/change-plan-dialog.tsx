import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { trpc } from "../../api/client.ts";
import type { Billing } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, DialogActions } from "../../ui/dialog.tsx";
import { Form, textOf } from "../../ui/form.tsx";
import { MutationError } from "../../ui/mutation-error.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { leaveTo } from "./leave-to.ts";
import { type Buyable, planNames } from "./plan-words.ts";

interface ChangePlanDialogProps {
  readonly workspaceId: string;
  /** At least one. */
  readonly buyable: readonly Buyable[];
  readonly own: Billing["own"];
  readonly onClose: () => void;
}

const offers: Readonly<Record<Buyable, string>> = {
  pro: "Higher limits, for one.",
  team: "A limit for every seat, used together.",
};

export function ChangePlanDialog({ workspaceId, buyable, own, onClose }: ChangePlanDialogProps) {
  const first = buyable.find((plan) => plan !== own?.plan) ?? buyable[0] ?? "pro";
  const [plan, setPlan] = useState<Buyable>(first);
  const checkout = useMutation(trpc.billing.checkout.mutationOptions({ onSuccess: leaveTo }));
  const send = (data: FormData) =>
    checkout.mutate({ workspaceId, plan, seats: plan === "team" ? Number(textOf(data, "seats")) : 1 });
  return (
    <Dialog
      title="Change plan"
      description="What it costs is shown at Stripe before you pay."
      onClose={onClose}
    >
      <Form label="Change plan" className="space-y-4" onData={send}>
        <fieldset className="space-y-2">
          <legend className="sr-only">Plan</legend>
          {buyable.map((each) => (
            <label
              key={each}
              className="grid cursor-pointer grid-cols-[auto_1fr] gap-x-3 rounded-lg border border-line-strong p-3.5 text-sm transition-colors hover:bg-subtle has-checked:border-accent has-checked:bg-accent-soft"
            >
              <input
                type="radio"
                name="plan"
                value={each}
                checked={plan === each}
                onChange={() => setPlan(each)}
                className="accent-accent"
              />
              <span className="font-medium">{planNames[each]}</span>
              <span className="col-start-2 text-[13px] text-muted">{offers[each]}</span>
            </label>
          ))}
        </fieldset>
        {plan === "team" && (
          <TextField
            label="Seats"
            name="seats"
            type="number"
            inputMode="numeric"
            required
            min={1}
            max={1_000}
            step={1}
            defaultValue={own?.plan === "team" ? own.seats : 2}
          />
        )}
        <MutationError error={checkout.error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={checkout.isPending || checkout.isSuccess}>
            Continue to Stripe
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
