import { classNames } from "./class-names.ts";

interface Segment {
  readonly label: string;
  readonly value: number;
  readonly className: string;
}

interface MeterProps {
  readonly label: string;
  /** The numbers in words, for those who do not see the bar. */
  readonly valueText: string;
  readonly max: number;
  readonly segments: readonly Segment[];
}

/** A bar of what is taken out of what there is. */
export function Meter({ label, valueText, max, segments }: MeterProps) {
  const total = segments.reduce((sum, segment) => sum + segment.value, 0);
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={Math.min(total, max)}
      aria-valuetext={valueText}
      className="flex h-2 gap-0.5 overflow-hidden rounded-full bg-subtle"
    >
      {segments.map((segment) => (
        <div
          key={segment.label}
          className={classNames("h-full transition-[width] duration-500", segment.className)}
          style={{ width: `${max <= 0 ? 0 : Math.min(100, (100 * segment.value) / max)}%` }}
        />
      ))}
    </div>
  );
}
