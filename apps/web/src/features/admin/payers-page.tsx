import type { AdminAccount } from "../../api/types.ts";
import { formatCount, formatMoney, plural } from "../../ui/format.ts";
import { Meter } from "../../ui/meter.tsx";
import { AccountBadges, Badge } from "./account-badges.tsx";
import { AccountLink } from "./account-link.tsx";
import { AccountsList, type AccountsListProps } from "./accounts-list.tsx";
import { planText } from "./plan-words.ts";

export function PayersPage(props: AccountsListProps) {
  return (
    <AccountsList
      {...props}
      title="Payers & limits"
      description="Users and organizations: their plan, what they have used of this period, and what was set for them alone."
      things="payers"
      searchLabel="Search by name, email or slug"
    >
      {(payers) => <PayerTable payers={payers} />}
    </AccountsList>
  );
}

/** A table on wide screens, cards on narrow ones: the same cells, placed by the grid. */
function PayerTable({ payers }: { readonly payers: readonly AdminAccount[] }) {
  return (
    <table className="block w-full text-sm md:table">
      <thead className="max-md:sr-only">
        <tr className="border-b border-line text-left text-xs text-muted *:px-2 *:pb-2 *:font-medium">
          <th scope="col">Payer</th>
          <th scope="col">Plan</th>
          <th scope="col">Used this period</th>
          <th scope="col" className="text-right">
            Runs at once
          </th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody className="block divide-y divide-line md:table-row-group">
        {payers.map((payer) => (
          <PayerRow key={payer.id} payer={payer} />
        ))}
      </tbody>
    </table>
  );
}

const cell = "md:table-cell md:px-2 md:py-3 align-middle";

function PayerRow({ payer }: { readonly payer: AdminAccount }) {
  return (
    <tr className="numbers relative grid grid-cols-[1fr_auto] gap-x-4 gap-y-2 py-3.5 transition-colors hover:bg-subtle md:table-row md:py-0">
      <td className={`${cell} min-w-0`}>
        <AccountLink account={payer} name={payer.name} covers />
        <span className="block truncate text-xs text-muted">
          {payer.kind === "organization" ? `Organization ${payer.handle}` : payer.handle}
        </span>
      </td>
      <td className={`${cell} text-muted max-md:text-right`}>{planText(payer)}</td>
      <td className={`${cell} max-md:col-span-2 md:w-52`}>
        <UsedMoney payer={payer} />
      </td>
      <td className={`${cell} text-muted max-md:text-xs md:text-right`}>
        {formatCount(payer.slotsInUse)}
        {payer.limits.concurrentRunsMax !== null && ` of ${formatCount(payer.limits.concurrentRunsMax)}`}
        <span className="md:hidden"> runs at once</span>
      </td>
      <td className={`${cell} max-md:col-span-2`}>
        <span className="flex flex-wrap gap-1.5 empty:hidden">
          <AccountBadges account={payer} />
          <SetForPayer payer={payer} />
        </span>
      </td>
    </tr>
  );
}

function UsedMoney({ payer }: { readonly payer: AdminAccount }) {
  const { settledMicros, limits } = payer;
  const limit = limits.usageLimitMicros;
  if (limit === null) return <>{formatMoney(settledMicros)}, no limit</>;
  const text = `${formatMoney(settledMicros)} of ${formatMoney(limit)}`;
  return (
    <div className="space-y-1.5">
      <p>{text}</p>
      <Meter
        label={`Used by ${payer.name}`}
        valueText={text}
        max={limit}
        segments={[
          {
            label: "Settled",
            value: settledMicros,
            className: settledMicros >= limit ? "bg-bad" : "bg-accent",
          },
        ]}
      />
    </div>
  );
}

function SetForPayer({ payer }: { readonly payer: AdminAccount }) {
  const limits = countSet(payer.overrides);
  const shadows = countSet(payer.shadowLimits);
  return (
    <>
      {limits > 0 && <Badge tone="quiet">{plural(limits, "limit")}</Badge>}
      {shadows > 0 && <Badge tone="quiet">{plural(shadows, "shadow limit")}</Badge>}
    </>
  );
}

function countSet(values: Readonly<Record<string, number | null>>): number {
  return Object.values(values).filter((value) => value !== null).length;
}
