import type { ReactNode } from "react";
import type { AdminAccount } from "../../api/types.ts";
import { classNames } from "../../ui/class-names.ts";
import { formatDay } from "../../ui/format.ts";

/** What stands out about an account; nothing for most. */
export function AccountBadges({ account }: { readonly account: AdminAccount }) {
  const { ban, blockedReason } = account;
  return (
    <span className="flex flex-wrap gap-1.5 empty:hidden">
      {account.role === "admin" && <Badge tone="accent">Admin</Badge>}
      {ban !== null && (
        <Badge tone="bad">{ban.endsAt === null ? "Banned" : `Banned until ${formatDay(ban.endsAt)}`}</Badge>
      )}
      {blockedReason !== null && <Badge tone="warn">{blockedLabels[blockedReason]}</Badge>}
    </span>
  );
}

const blockedLabels: Readonly<Record<NonNullable<AdminAccount["blockedReason"]>, string>> = {
  payment_failed: "Payment failed",
  dispute: "Payment disputed",
};

const tones = {
  accent: "bg-accent-soft text-accent-text",
  bad: "bg-bad-soft text-bad",
  warn: "bg-warn-soft text-warn",
  quiet: "bg-subtle text-muted",
};

export function Badge({
  tone,
  children,
}: {
  readonly tone: keyof typeof tones;
  readonly children: ReactNode;
}) {
  return (
    <span className={classNames("rounded-md px-2 py-0.5 text-xs font-medium whitespace-nowrap", tones[tone])}>
      {children}
    </span>
  );
}
