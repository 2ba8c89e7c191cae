import type { RunRecord } from "../../api/types.ts";
import { formatMoney, plural } from "../../ui/format.ts";
import { Section } from "../../ui/page.tsx";

type Charge = RunRecord["charges"][number];

/** What the run cost, entry by entry as in the ledger. */
export function ChargeList({ charges }: { readonly charges: readonly Charge[] }) {
  const total = charges.reduce((sum, charge) => sum + charge.amountMicros, 0);
  return (
    <Section
      title="Cost"
      actions={<span className="numbers text-[13px] font-medium">{formatMoney(total)}</span>}
    >
      <ul className="numbers divide-y divide-line border-y border-line text-[13px]">
        {charges.map((charge, index) => (
          <li key={index} className="flex items-baseline justify-between gap-4 py-2">
            <span className="min-w-0">
              <span className="block truncate">{charge.kind === "base" ? "Base charge" : charge.model}</span>
              {charge.kind === "model" && <span className="text-xs text-muted">{details(charge)}</span>}
            </span>
            <span>{formatMoney(charge.amountMicros)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function details({ inputTokens, outputTokens, keySource }: Charge): string {
  const tokens = `${plural(inputTokens ?? 0, "token")} in, ${plural(outputTokens ?? 0, "token")} out`;
  return keySource === "workspace" ? `${tokens}, your own key` : tokens;
}
