import type { RunRecord } from "../../api/types.ts";
import { Section } from "../../ui/page.tsx";
import { payerWords } from "./payer-words.ts";

interface PayerPanelProps {
  readonly record: Pick<RunRecord, "payerName">;
  readonly payer: NonNullable<RunRecord["payer"]>;
}

/** Whom the run was charged to, as it was captured at admission. */
export function PayerPanel({ record, payer }: PayerPanelProps) {
  const { who, plan, period, limit } = payerWords(payer, record.payerName);
  return (
    <Section title="Payer" description="As captured when the run was admitted.">
      <dl className="numbers grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-[13px]">
        <Row label="Paid by" value={who} />
        <Row label="Plan" value={plan} />
        <Row label="Period" value={period} />
        <Row label="Limit" value={limit} />
      </dl>
    </Section>
  );
}

function Row({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className="contents">
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0 break-words">{value}</dd>
    </div>
  );
}
