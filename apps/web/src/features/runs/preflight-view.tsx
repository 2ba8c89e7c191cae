import type { ReactNode } from "react";
import type { Decision, Timings } from "../../api/types.ts";
import { formatDuration } from "../../ui/format.ts";
import { Section } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { GateTimeline } from "./gate-timeline.tsx";
import { gateOrder } from "./gates.ts";
import { PreflightTimings } from "./preflight-timings.tsx";

interface PreflightViewProps {
  readonly decision: Decision | null;
  readonly timings: Timings | null;
  /** "Admitted", "Refused", "Would be admitted" */
  readonly verdict: string;
  readonly note?: ReactNode;
}

/** What happened between the request and the first block. */
export function PreflightView({ decision, timings, verdict, note }: PreflightViewProps) {
  return (
    <Section
      title="Preflight"
      actions={
        <span role="status" className="numbers text-[13px] text-muted">
          {decision === null ? "Asking the gates" : summary(verdict, timings)}
        </span>
      }
    >
      {note}
      {timings !== null && <PreflightTimings timings={timings} />}
      {decision === null ? <GateSkeleton /> : <GateTimeline decision={decision} />}
    </Section>
  );
}

function summary(verdict: string, timings: Timings | null): string {
  return timings === null ? verdict : `${verdict} in ${formatDuration(timings.totalMs)}`;
}

function GateSkeleton() {
  return (
    <div className="space-y-2.5">
      {gateOrder.map((gate) => (
        <div key={gate} className="flex items-center gap-3">
          <Skeleton className="size-5 rounded-full" />
          <Skeleton className="h-3.5 w-20" />
          <Skeleton className="h-3.5 w-36" />
        </div>
      ))}
    </div>
  );
}
