import type { RunRecord } from "../../api/types.ts";
import { formatMoney } from "../../ui/format.ts";
import { Section } from "../../ui/page.tsx";
import { chargeDetails, chargeTitle, holdSentence } from "./charge-words.ts";
import { isOver } from "./run-state.ts";

/** What the run cost, entry by entry as in the ledger, against what was held for it. */
export function ChargeList({ record }: { readonly record: RunRecord }) {
  const { charges, status } = record;
  const total = charges.reduce((sum, charge) => sum + charge.amountMicros, 0);
  const hold = holdSentence(record, isOver(status));
  return (
    <Section
      title="Cost"
      actions={<span className="numbers text-[13px] font-medium">{formatMoney(total)}</span>}
    >
      <ul className="numbers divide-y divide-line border-y border-line text-[13px]">
        {charges.map((charge, index) => (
          <li key={index} className="flex items-baseline justify-between gap-4 py-2">
            <span className="min-w-0">
              <span className="block wrap-anywhere">{chargeTitle(charge)}</span>
              {charge.kind === "model" && (
                <span className="block text-xs text-muted">{chargeDetails(charge)}</span>
              )}
            </span>
            <span>{formatMoney(charge.amountMicros)}</span>
          </li>
        ))}
      </ul>
      {hold !== null && <p className="numbers text-xs text-muted">{hold}</p>}
    </Section>
  );
}
