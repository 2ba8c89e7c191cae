import type { Timings } from "../../api/types.ts";
import { formatDuration } from "../../ui/format.ts";

const definitionWords = { hit: "cache hit", miss: "cache miss", draft: "draft compiled" } as const;

interface Part {
  readonly label: string;
  readonly ms: number;
  readonly color: string;
}

/** Where the milliseconds before the first block went. */
export function PreflightTimings({ timings }: { readonly timings: Timings }) {
  const parts = partsOf(timings);
  const sum = parts.reduce((total, part) => total + part.ms, 0);
  return (
    <div className="space-y-2.5">
      <div aria-hidden="true" className="flex h-1.5 gap-px overflow-hidden rounded-full bg-subtle">
        {parts.map((part) => (
          <span
            key={part.label}
            className={part.color}
            style={{ width: `${(100 * part.ms) / Math.max(sum, 0.001)}%` }}
          />
        ))}
      </div>
      <dl aria-label="Preflight times" className="numbers flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
        {parts.map((part) => (
          <div key={part.label} className="flex items-center gap-1.5">
            <span aria-hidden="true" className={`size-1.5 rounded-full ${part.color}`} />
            <dt>{part.label}</dt>
            <dd className="font-medium text-fg">{formatDuration(part.ms)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function partsOf(timings: Timings): Part[] {
  const definition =
    timings.definition === null ? "definition" : `definition, ${definitionWords[timings.definition]}`;
  const parts: readonly { readonly label: string; readonly ms: number | null; readonly color: string }[] = [
    { label: "facts", ms: timings.factsMs, color: "bg-accent" },
    { label: "gates", ms: timings.gatesMs, color: "bg-warn" },
    { label: "claim", ms: timings.claimMs, color: "bg-ok" },
    { label: definition, ms: timings.definitionMs, color: "bg-muted" },
  ];
  return parts.flatMap(({ ms, ...part }) => (ms === null ? [] : [{ ...part, ms }]));
}
