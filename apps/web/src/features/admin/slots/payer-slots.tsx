import type { PayerSlots, Slot } from "../../../api/types.ts";
import { Button } from "../../../ui/button.tsx";
import { classNames } from "../../../ui/class-names.ts";
import { formatCount, formatMoney, formatWait } from "../../../ui/format.ts";
import { Meter } from "../../../ui/meter.tsx";
import { Badge } from "../account-badges.tsx";
import { AccountLink } from "../account-link.tsx";

interface PayerSlotsViewProps {
  readonly payer: PayerSlots;
  readonly onFree: (slot: Slot) => void;
}

export function PayerSlotsView({ payer, onFree }: PayerSlotsViewProps) {
  const { inUse, limit, slots } = payer;
  const name = payer.payer?.name ?? "A deleted account";
  const text =
    limit === null ? `${formatCount(inUse)} in use` : `${formatCount(inUse)} of ${formatCount(limit)} in use`;
  return (
    <section aria-label={`Slots of ${name}`} className="space-y-3">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <h2 className="text-[15px] font-semibold tracking-tight">
          {payer.payer === null ? name : <AccountLink account={payer.payer} name={name} />}
        </h2>
        <div className="numbers w-44 space-y-1.5 text-[13px] text-muted">
          <p className="text-right">{text}</p>
          {limit !== null && (
            <Meter
              label={`Slots of ${name}`}
              valueText={text}
              max={limit}
              segments={[{ label: name, value: inUse, className: inUse >= limit ? "bg-bad" : "bg-accent" }]}
            />
          )}
        </div>
      </div>
      <SlotTable slots={slots} onFree={onFree} />
      {slots.length < inUse && (
        <p className="text-[13px] text-muted">
          The oldest {formatCount(slots.length)} of {formatCount(inUse)} are shown.
        </p>
      )}
    </section>
  );
}

interface SlotTableProps {
  readonly slots: readonly Slot[];
  readonly onFree: (slot: Slot) => void;
}

/** A table on wide screens, cards on narrow ones: the same cells, placed by the grid. */
function SlotTable({ slots, onFree }: SlotTableProps) {
  return (
    <table className="block w-full text-sm md:table">
      <thead className="max-md:sr-only">
        <tr className="border-b border-line text-left text-xs text-muted *:px-2 *:pb-2 *:font-medium">
          <th scope="col">Run</th>
          <th scope="col">Holder</th>
          <th scope="col" className="text-right">
            Age
          </th>
          <th scope="col" className="text-right">
            Lease left
          </th>
          <th scope="col" className="text-right">
            Hold
          </th>
          <th scope="col">
            <span className="sr-only">Free</span>
          </th>
        </tr>
      </thead>
      <tbody className="block divide-y divide-line border-b border-line md:table-row-group">
        {slots.map((slot) => (
          <SlotRow key={slot.runId} slot={slot} onFree={() => onFree(slot)} />
        ))}
      </tbody>
    </table>
  );
}

const cell = "md:table-cell md:px-2 md:py-2.5 align-middle";

function SlotRow({ slot, onFree }: { readonly slot: Slot; readonly onFree: () => void }) {
  const { runId, workflowName, actor, holder, ageMs, leaseLeftMs, holdMicros, cancelling } = slot;
  const isExpired = leaseLeftMs <= 0;
  return (
    <tr className="numbers grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 py-3 md:table-row md:py-0">
      <td className={`${cell} min-w-0`}>
        <span className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{workflowName ?? "A deleted workflow"}</span>
          {cancelling && <Badge tone="warn">Cancelling</Badge>}
        </span>
        <span className="block text-xs text-muted">
          {actor !== null && `${actor} · `}
          <code className="font-mono break-all">{runId}</code>
        </span>
      </td>
      <td className={`${cell} max-md:order-3 max-md:col-span-2`}>
        <code className="font-mono text-xs break-all text-muted">{holder}</code>
      </td>
      <td className={`${cell} whitespace-nowrap max-md:order-4 md:text-right`}>
        <span className="text-muted md:hidden">Age </span>
        {formatWait(ageMs)}
        <span className="text-muted md:hidden"> · {formatMoney(holdMicros)} held</span>
      </td>
      <td
        className={classNames(
          cell,
          "text-right whitespace-nowrap max-md:order-5",
          isExpired ? "text-bad" : "text-muted",
        )}
      >
        {isExpired ? "Run out" : formatWait(leaseLeftMs)}
        <span className="md:hidden">{!isExpired && " of lease left"}</span>
      </td>
      <td className={`${cell} text-right text-muted max-md:hidden`}>{formatMoney(holdMicros)}</td>
      <td className={`${cell} text-right max-md:order-2`}>
        <Button size="sm" variant="danger" aria-label={`Free the slot of run ${runId}`} onClick={onFree}>
          Free
        </Button>
      </td>
    </tr>
  );
}
