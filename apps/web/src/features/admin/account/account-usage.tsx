import { Link } from "@tanstack/react-router";
import type { AdminAccountDetail } from "../../../api/types.ts";
import { Button } from "../../../ui/button.tsx";
import { formatCount, formatDay, formatMoney } from "../../../ui/format.ts";
import { Meter } from "../../../ui/meter.tsx";
import { Section } from "../../../ui/page.tsx";
import { planText } from "../plan-words.ts";
import type { OpenDialog } from "./account-dialogs.tsx";

interface AccountUsageProps {
  readonly account: AdminAccountDetail;
  readonly onOpen: (dialog: OpenDialog) => void;
}

export function AccountUsage({ account, onOpen }: AccountUsageProps) {
  const { period, settledMicros, heldMicros, slotsInUse, limits, paidThroughStripe } = account;
  const limit = limits.usageLimitMicros;
  const used = limit === null ? "no limit" : `of ${formatMoney(limit)}`;
  return (
    <Section
      title="Plan and usage"
      description={`${planText(account)}. This period is from ${formatDay(period.startAt)} to ${formatDay(period.endAt)}.${
        paidThroughStripe ? " It is paid through Stripe and changed there." : ""
      }`}
      actions={
        !paidThroughStripe && (
          <Button size="sm" onClick={() => onOpen({ kind: "plan" })}>
            Change plan
          </Button>
        )
      }
    >
      <dl className="numbers grid gap-x-10 gap-y-5 text-sm sm:grid-cols-3">
        <div className="space-y-2 sm:col-span-1">
          <dt className="text-[13px] text-muted">Used</dt>
          <dd className="space-y-2">
            <p>
              <span className="text-lg font-semibold tracking-tight">{formatMoney(settledMicros)}</span>{" "}
              <span className="text-muted">{used}</span>
            </p>
            {limit !== null && (
              <Meter
                label="Used of this period's limit"
                valueText={`${formatMoney(settledMicros)} used and ${formatMoney(heldMicros)} held of ${formatMoney(limit)}`}
                max={limit}
                segments={[
                  {
                    label: "Settled",
                    value: settledMicros,
                    className: settledMicros >= limit ? "bg-bad" : "bg-accent",
                  },
                  { label: "Held", value: heldMicros, className: "bg-accent/45" },
                ]}
              />
            )}
          </dd>
        </div>
        <div className="space-y-2">
          <dt className="text-[13px] text-muted">Held by runs in progress</dt>
          <dd className="text-lg font-semibold tracking-tight">{formatMoney(heldMicros)}</dd>
        </div>
        <div className="space-y-2">
          <dt className="text-[13px] text-muted">Runs in progress</dt>
          <dd>
            <span className="text-lg font-semibold tracking-tight">{formatCount(slotsInUse)}</span>{" "}
            {limits.concurrentRunsMax !== null && (
              <span className="text-muted">of {formatCount(limits.concurrentRunsMax)}</span>
            )}
            {slotsInUse > 0 && (
              <Link
                to="/admin/slots"
                search={{ kind: account.kind, id: account.id }}
                className="ml-3 text-[13px] font-medium text-accent-text hover:underline"
              >
                See its slots
              </Link>
            )}
          </dd>
        </div>
      </dl>
    </Section>
  );
}
