import type { AdminAccountDetail } from "../../../api/types.ts";
import { limitSource } from "../../../limits/limit-source.ts";
import { Button } from "../../../ui/button.tsx";
import { formatCount, formatMoney, plural } from "../../../ui/format.ts";
import { Section } from "../../../ui/page.tsx";
import type { OpenDialog } from "./account-dialogs.tsx";

interface AccountLimitsProps {
  readonly account: AdminAccountDetail;
  readonly onOpen: (dialog: OpenDialog) => void;
}

type Limits = AdminAccountDetail["limits"];

/** What holds now and why, and what is rehearsed beside it. */
export function AccountLimits({ account, onOpen }: AccountLimitsProps) {
  const { limits, shadowLimits } = account;
  const { sources } = limits;
  const sourceOf = (source: Limits["sources"]["sync"]) =>
    limitSource({ source, plan: account.plan, seats: seatsOf(account) });
  return (
    <Section
      title="Limits"
      description="A shadow limit is evaluated and recorded for each run, and refuses none: a rehearsal."
      actions={
        <div className="flex flex-wrap gap-2">
          <Button size="sm" onClick={() => onOpen({ kind: "limits" })}>
            Change limits
          </Button>
          <Button size="sm" onClick={() => onOpen({ kind: "shadow" })}>
            Change shadow limits
          </Button>
        </div>
      }
    >
      <table className="block w-full text-sm md:table">
        <thead className="max-md:sr-only">
          <tr className="border-b border-line text-left text-xs text-muted *:px-2 *:pb-2 *:font-medium">
            <th scope="col">Limit</th>
            <th scope="col">Holds now</th>
            <th scope="col">Shadow limit</th>
          </tr>
        </thead>
        <tbody className="block divide-y divide-line border-b border-line md:table-row-group">
          <LimitRow
            label="Usage per period"
            value={moneyOf(limits.usageLimitMicros)}
            source={sourceOf(sources.usageLimit)}
            shadow={shadowOf(shadowLimits.usageLimitMicros, formatMoney)}
          />
          <LimitRow
            label="Synchronous runs"
            value={rateOf(limits.sync?.perMinute)}
            source={sourceOf(sources.sync)}
            shadow={shadowOf(
              shadowLimits.runsPerMinute,
              (rate) => `${perMinute(rate)}, background runs included`,
            )}
          />
          <LimitRow
            label="Background runs"
            value={rateOf(limits.async?.perMinute)}
            source={sourceOf(sources.async)}
            shadow={shadowOf(shadowLimits.runsPerMinute, () => "Counted with synchronous runs")}
          />
          <LimitRow
            label="Runs at once"
            value={limits.concurrentRunsMax === null ? "No limit" : plural(limits.concurrentRunsMax, "slot")}
            source={sourceOf(sources.concurrentRuns)}
            shadow={shadowOf(shadowLimits.concurrentRunsMax, (count) => plural(count, "slot"))}
          />
        </tbody>
      </table>
    </Section>
  );
}

interface LimitRowProps {
  readonly label: string;
  readonly value: string;
  readonly source: string | null;
  readonly shadow: string | null;
}

const cell = "md:table-cell md:px-2 md:py-2.5 align-middle";

function LimitRow({ label, value, source, shadow }: LimitRowProps) {
  return (
    <tr className="numbers grid grid-cols-[1fr_auto] gap-x-4 gap-y-0.5 py-2.5 md:table-row md:py-0">
      <th scope="row" className={`${cell} text-left font-medium`}>
        {label}
      </th>
      <td className={`${cell} max-md:text-right`}>
        {value} <span className="text-[13px] text-muted">{source}</span>
      </td>
      <td className={`${cell} text-muted max-md:col-span-2 max-md:text-right max-md:text-[13px]`}>
        {shadow === null ? (
          <span className="max-md:hidden">None</span>
        ) : (
          <>
            <span className="md:hidden">Shadow limit: </span>
            <span className="text-fg">{shadow}</span>
          </>
        )}
      </td>
    </tr>
  );
}

function seatsOf({ subscription, limits }: AdminAccountDetail) {
  if (subscription === null || limits.usageLimitMicros === null) return null;
  return { count: subscription.seats, eachMicros: limits.usageLimitMicros / subscription.seats };
}

function moneyOf(micros: number | null): string {
  return micros === null ? "No limit" : formatMoney(micros);
}

function perMinute(rate: number): string {
  return `${formatCount(rate)} per minute`;
}

function rateOf(rate: number | undefined): string {
  return rate === undefined ? "No limit" : perMinute(rate);
}

function shadowOf(value: number | null, format: (value: number) => string): string | null {
  return value === null ? null : format(value);
}
