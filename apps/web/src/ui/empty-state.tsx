import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
  /** `h1` where the state is the whole page. */
  readonly heading?: "h1" | "h2";
}

export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
  heading: Heading = "h2",
}: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center px-6 py-16 text-center">
      <span className="mb-4 flex size-11 items-center justify-center rounded-full bg-subtle text-muted">
        <Icon aria-hidden="true" className="size-5" />
      </span>
      <Heading className="font-medium">{title}</Heading>
      <p className="mt-1 max-w-sm text-sm text-muted">{children}</p>
      {action !== undefined && <div className="mt-5">{action}</div>}
    </div>
  );
}
