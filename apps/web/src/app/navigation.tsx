import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** The list of an area's pages: six of them fit the bar at the bottom of a narrow screen, with labels as short as "Audit log". */
export function Navigation({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <nav
      aria-label={label}
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-bg pb-[env(safe-area-inset-bottom)] lg:static lg:border-0"
    >
      <ul className="grid auto-cols-fr grid-flow-col *:min-w-0 lg:block lg:space-y-0.5">{children}</ul>
    </nav>
  );
}

export const navLinkClass =
  "flex flex-col items-center gap-1 px-1 py-2 text-[11px] font-medium text-muted transition-colors hover:text-fg data-[status=active]:text-accent-text lg:flex-row lg:gap-2.5 lg:rounded-lg lg:px-2.5 lg:py-1.5 lg:text-sm lg:hover:bg-subtle lg:data-[status=active]:bg-subtle lg:data-[status=active]:text-fg";

export function NavLabel({ icon: Icon, label }: { readonly icon: LucideIcon; readonly label: string }) {
  return (
    <>
      <Icon aria-hidden="true" className="size-5 shrink-0 lg:size-4" />
      <span className="max-w-full truncate">{label}</span>
    </>
  );
}
