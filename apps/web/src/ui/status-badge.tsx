import type { RunStatus } from "../api/types.ts";
import { classNames } from "./class-names.ts";

const looks: Readonly<
  Record<RunStatus, { readonly label: string; readonly dot: string; readonly text: string }>
> = {
  queued: { label: "Queued", dot: "bg-muted", text: "text-muted" },
  running: { label: "Running", dot: "bg-accent animate-halo", text: "text-accent-text" },
  paused: { label: "Paused", dot: "bg-warn", text: "text-warn" },
  completed: { label: "Completed", dot: "bg-ok", text: "text-fg" },
  failed: { label: "Failed", dot: "bg-bad", text: "text-bad" },
  cancelled: { label: "Cancelled", dot: "bg-muted", text: "text-muted" },
  refused: { label: "Refused", dot: "bg-warn", text: "text-warn" },
  lost: { label: "Lost", dot: "bg-bad", text: "text-bad" },
};

export const runStatuses = Object.keys(looks).filter((status): status is RunStatus => status in looks);

export function statusLabel(status: RunStatus): string {
  return looks[status].label;
}

export function StatusBadge({ status }: { readonly status: RunStatus }) {
  const { label, dot, text } = looks[status];
  return (
    <span
      className={classNames("inline-flex items-center gap-2 text-[13px] font-medium whitespace-nowrap", text)}
    >
      <span aria-hidden="true" className={classNames("size-2 shrink-0 rounded-full", dot)} />
      {label}
    </span>
  );
}
