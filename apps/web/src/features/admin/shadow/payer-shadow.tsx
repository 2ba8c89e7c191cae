import type { PayerShadow } from "../../../api/types.ts";
import { formatCount, formatMoney, plural } from "../../../ui/format.ts";
import { AccountLink } from "../account-link.tsx";

type Gate = "usage" | "rate" | "concurrency";
const gates: readonly { readonly gate: Gate; readonly label: string }[] = [
  { gate: "usage", label: "Usage" },
  { gate: "rate", label: "Rate" },
  { gate: "concurrency", label: "Concurrency" },
];

export function PayerShadowView({ payer }: { readonly payer: PayerShadow }) {
  const total = payer.days.reduce((sum, day) => sum + day.usage + day.rate + day.concurrency, 0);
  return (
    <section aria-label={payer.name} className="space-y-3">
      <div className="space-y-0.5">
        <h2 className="text-[15px] font-semibold tracking-tight">
          <AccountLink account={payer} name={payer.name} />
        </h2>
        <p className="text-[13px] text-muted">{limitsText(payer.shadowLimits)}</p>
      </div>
      {total === 0 ? (
        <p className="border-y border-line py-3 text-sm text-muted">Would have refused no run.</p>
      ) : (
        <DayTable days={payer.days} />
      )}
    </section>
  );
}

function DayTable({ days }: { readonly days: PayerShadow["days"] }) {
  return (
    <table className="numbers w-full text-sm">
      <caption className="sr-only">Runs that the gate would have refused, by day</caption>
      <thead>
        <tr className="border-b border-line text-right text-xs text-muted *:pb-2 *:font-medium">
          <th scope="col" className="text-left">
            Day
          </th>
          {gates.map(({ gate, label }) => (
            <th key={gate} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        <tr className="text-right font-medium *:py-2">
          <th scope="row" className="text-left font-medium">
            All
          </th>
          {gates.map(({ gate }) => (
            <td key={gate}>{runsOf(days.reduce((sum, day) => sum + day[gate], 0))}</td>
          ))}
        </tr>
        {days.map((day) => (
          <tr key={day.day} className="text-right text-muted *:py-2">
            <th scope="row" className="text-left font-normal whitespace-nowrap">
              {day.day}
            </th>
            {gates.map(({ gate }) => (
              <td key={gate}>{runsOf(day[gate])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function runsOf(count: number): string {
  return count === 0 ? "–" : plural(count, "run");
}

function limitsText({
  usageLimitMicros,
  runsPerMinute,
  concurrentRunsMax,
}: PayerShadow["shadowLimits"]): string {
  const parts = [
    usageLimitMicros !== null && `${formatMoney(usageLimitMicros)} per period`,
    runsPerMinute !== null && `${formatCount(runsPerMinute)} runs per minute`,
    concurrentRunsMax !== null && `${formatCount(concurrentRunsMax)} runs at once`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? "Rehearsed no longer." : `Rehearsed: ${parts.join(", ")}.`;
}
