import { CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

type Tone = "info" | "ok" | "warn" | "bad";

const tones = {
  info: { icon: Info, className: "bg-subtle text-fg", iconClass: "text-muted" },
  ok: { icon: CircleCheck, className: "bg-ok-soft text-fg", iconClass: "text-ok" },
  warn: { icon: TriangleAlert, className: "bg-warn-soft text-fg", iconClass: "text-warn" },
  bad: { icon: TriangleAlert, className: "bg-bad-soft text-fg", iconClass: "text-bad" },
} satisfies Record<Tone, unknown>;

interface NoticeProps {
  readonly tone?: Tone;
  /** `alert` interrupts, `status` is read when there is time. */
  readonly role?: "alert" | "status" | "note";
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

export function Notice({ tone = "info", role = "note", action, children }: NoticeProps) {
  const { icon: Icon, className, iconClass } = tones[tone];
  return (
    <div
      role={role}
      className={classNames("flex items-start gap-2.5 rounded-lg px-3.5 py-2.5 text-[13px]", className)}
    >
      <Icon aria-hidden="true" className={classNames("mt-0.5 size-4 shrink-0", iconClass)} />
      <div className="min-w-0 flex-1 break-words">{children}</div>
      {action}
    </div>
  );
}
