import type { ButtonHTMLAttributes, ReactNode } from "react";
import { classNames } from "./class-names.ts";

type Variant = "primary" | "secondary" | "quiet" | "danger";

const variants: Readonly<Record<Variant, string>> = {
  primary: "bg-accent text-accent-fg hover:bg-accent-hover shadow-raised",
  secondary: "border border-line-strong bg-surface text-fg hover:bg-subtle shadow-raised",
  quiet: "text-muted hover:bg-subtle hover:text-fg",
  danger: "border border-line-strong bg-surface text-bad hover:bg-bad-soft shadow-raised",
};

/** For links that look like buttons. */
export function buttonClass(variant: Variant = "secondary", size: "md" | "sm" = "md"): string {
  return classNames(
    "inline-flex items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-colors select-none",
    "disabled:cursor-not-allowed disabled:opacity-60",
    size === "md" ? "h-9 px-3.5 text-sm max-sm:h-10" : "h-8 px-2.5 text-[13px]",
    variants[variant],
  );
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: Variant;
  readonly size?: "md" | "sm";
  readonly icon?: ReactNode;
  /** Under way: keeps its name and focus, ignores presses. */
  readonly busy?: boolean;
}

export function Button({
  variant,
  size,
  icon,
  busy = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      className={classNames(buttonClass(variant, size), busy && "animate-shimmer", className)}
      onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
    >
      {icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly label: string;
}

export function IconButton({ label, className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={classNames(
        "inline-flex size-8 items-center justify-center rounded-lg text-muted transition-colors hover:bg-subtle hover:text-fg",
        "disabled:cursor-not-allowed disabled:opacity-60 max-sm:size-10",
        className,
      )}
    >
      {children}
    </button>
  );
}
