import { useMutation } from "@tanstack/react-query";
import { trpc } from "../../../api/client.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog, DialogActions } from "../../../ui/dialog.tsx";
import { Form, textOf } from "../../../ui/form.tsx";
import { formatCount, formatMoney } from "../../../ui/format.ts";
import { MutationError } from "../../../ui/mutation-error.tsx";
import { countOf, microsOf } from "../amounts.ts";
import { CountField, MoneyField } from "../limit-field.tsx";
import type { AccountDialogProps } from "./account-dialogs.tsx";

export function LimitsDialog({ account, onClose, onDone }: AccountDialogProps) {
  const { overrides, plan, limits } = account;
  const set = useMutation(
    trpc.admin.setLimits.mutationOptions({
      onSuccess: () => onDone(`The limits of ${account.name} hold from the next run on.`),
    }),
  );
  const send = (data: FormData) =>
    set.mutate({
      account: { kind: account.kind, id: account.id },
      overrides: {
        usageLimitMicros: microsOf(textOf(data, "usageLimit")),
        syncRunsPerMinute: countOf(textOf(data, "sync")),
        asyncRunsPerMinute: countOf(textOf(data, "async")),
        concurrentRunsMax: countOf(textOf(data, "concurrent")),
      },
    });
  return (
    <Dialog
      title={`Change the limits of ${account.name}`}
      description="They hold from the next run on, in place of the plan's. An empty field leaves the plan's."
      onClose={onClose}
    >
      <Form label="Limits" className="space-y-4" onData={send}>
        <MoneyField
          label="Usage per period, in dollars"
          name="usageLimit"
          value={overrides.usageLimitMicros}
          {...whileEmpty(overrides.usageLimitMicros, limits.usageLimitMicros, formatMoney)}
          required={plan === "enterprise" && account.subscription?.source === "own"}
          hint={
            plan === "team"
              ? "Of a team it only ever raises the seats' own."
              : "What was used of this period stays used."
          }
        />
        <CountField
          label="Synchronous runs per minute"
          name="sync"
          value={overrides.syncRunsPerMinute}
          {...whileEmpty(overrides.syncRunsPerMinute, limits.sync?.perMinute, formatCount)}
          hint="As many again may come at once after a pause."
        />
        <CountField
          label="Background runs per minute"
          name="async"
          value={overrides.asyncRunsPerMinute}
          {...whileEmpty(overrides.asyncRunsPerMinute, limits.async?.perMinute, formatCount)}
          hint="As many again may come at once after a pause."
        />
        <CountField
          label="Runs at once"
          name="concurrent"
          value={overrides.concurrentRunsMax}
          {...whileEmpty(overrides.concurrentRunsMax, limits.concurrentRunsMax, formatCount)}
          hint="Runs in progress go on, also where they are more than that."
        />
        <MutationError error={set.error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={set.isPending}>
            Change limits
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

/** The plan's number is known only where nothing stands in its place. */
function whileEmpty(
  override: number | null,
  holds: number | null | undefined,
  format: (value: number) => string,
): { readonly placeholder?: string } {
  if (override !== null || holds === null || holds === undefined) return {};
  return { placeholder: `${format(holds)} of the plan` };
}
