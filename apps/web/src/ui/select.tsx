import { ChevronDown } from "lucide-react";
import type { SelectHTMLAttributes } from "react";

export function Select({ children, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <span className="relative inline-block max-w-full">
      <select
        {...rest}
        className="h-9 w-full max-w-56 appearance-none truncate rounded-lg border border-line-strong bg-surface pr-8 pl-3 text-sm shadow-raised transition-colors hover:border-muted max-sm:h-10"
      >
        {children}
      </select>
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-muted"
      />
    </span>
  );
}
