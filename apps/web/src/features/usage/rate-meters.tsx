import type { RateView, Usage } from "../../api/types.ts";
import { formatCount } from "../../ui/format.ts";
import { Meter } from "../../ui/meter.tsx";
import { sourceOf } from "./usage-words.ts";

export function RateMeters({ usage }: { readonly usage: Usage }) {
  const { concurrency, rate } = usage;
  return (
    <div className="grid gap-x-10 gap-y-8 sm:grid-cols-2 lg:grid-cols-3">
      <Gauge
        label="Runs at once"
        taken={concurrency.inUse}
        max={concurrency.limit}
        text={
          concurrency.limit === null
            ? `${concurrency.inUse} in progress, no limit`
            : `${concurrency.inUse} of ${formatCount(concurrency.limit)} slots in use`
        }
        source={sourceOf(usage, "concurrentRuns")}
      />
      {rate !== null && (
        <>
          <RateGauge label="Synchronous runs" rate={rate.sync} source={sourceOf(usage, "sync")} />
          <RateGauge label="Background runs" rate={rate.async} source={sourceOf(usage, "async")} />
        </>
      )}
    </div>
  );
}

interface RateGaugeProps {
  readonly label: string;
  readonly rate: RateView;
  readonly source: string | null;
}

function RateGauge({ label, rate, source }: RateGaugeProps) {
  const remaining = Math.floor(rate.remaining);
  return (
    <Gauge
      label={label}
      taken={rate.capacity - remaining}
      max={rate.capacity}
      text={`${formatCount(remaining)} of ${formatCount(rate.capacity)} tokens left`}
      note={`${formatCount(rate.perMinute)} per minute`}
      source={source}
    />
  );
}

interface GaugeProps {
  readonly label: string;
  readonly taken: number;
  readonly max: number | null;
  readonly text: string;
  readonly note?: string;
  readonly source: string | null;
}

function Gauge({ label, taken, max, text, note, source }: GaugeProps) {
  return (
    <div className="numbers space-y-2.5">
      <div className="flex items-baseline justify-between gap-3 text-sm">
        <h3 className="font-medium">{label}</h3>
        {note !== undefined && <span className="text-xs text-muted">{note}</span>}
      </div>
      {max !== null && (
        <Meter
          label={label}
          valueText={text}
          max={max}
          segments={[{ label, value: taken, className: taken >= max ? "bg-bad" : "bg-accent" }]}
        />
      )}
      <p className="text-[13px] text-muted">
        {text}
        {source !== null && <span className="block text-xs">{source}</span>}
      </p>
    </div>
  );
}
