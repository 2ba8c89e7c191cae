import { formatMoney } from "../../ui/format.ts";
import { Meter } from "../../ui/meter.tsx";
import { Section } from "../../ui/page.tsx";

interface MoneyMeterProps {
  readonly title: string;
  readonly description: string | undefined;
  readonly settledMicros: number;
  readonly heldMicros: number;
  readonly limitMicros: number | null;
  /** How many runs there is room for, in a sentence. */
  readonly room: string | null;
}

export function MoneyMeter(props: MoneyMeterProps) {
  const { title, description, settledMicros, heldMicros, limitMicros, room } = props;
  const left = limitMicros === null ? null : Math.max(0, limitMicros - settledMicros - heldMicros);
  return (
    <Section title={title} description={description}>
      <p className="numbers text-3xl font-semibold tracking-tight">
        {formatMoney(settledMicros)}{" "}
        <span className="ml-1 text-base font-normal tracking-normal text-muted">
          {limitMicros === null ? "used, no limit" : `of ${formatMoney(limitMicros)} used`}
        </span>
      </p>
      {limitMicros !== null && (
        <Meter
          label={title}
          valueText={`${formatMoney(settledMicros)} used and ${formatMoney(heldMicros)} held of ${formatMoney(limitMicros)}`}
          max={limitMicros}
          segments={[
            {
              label: "Settled",
              value: settledMicros,
              className: settledMicros >= limitMicros ? "bg-bad" : "bg-accent",
            },
            { label: "Held", value: heldMicros, className: "bg-accent/45" },
          ]}
        />
      )}
      <dl className="numbers flex flex-wrap gap-x-10 gap-y-3 text-sm">
        <Part dot="bg-accent" label="Settled" value={formatMoney(settledMicros)} />
        <Part dot="bg-accent/45" label="Held by runs in progress" value={formatMoney(heldMicros)} />
        {left !== null && <Part dot="bg-line-strong" label="Left" value={formatMoney(left)} />}
      </dl>
      {room !== null && <p className="numbers text-[13px] text-muted">{room}</p>}
    </Section>
  );
}

function Part({
  dot,
  label,
  value,
}: {
  readonly dot: string;
  readonly label: string;
  readonly value: string;
}) {
  return (
    <div>
      <dt className="flex items-center gap-2 text-[13px] text-muted">
        <span aria-hidden="true" className={`size-2 rounded-full ${dot}`} />
        {label}
      </dt>
      <dd className="font-medium">{value}</dd>
    </div>
  );
}
