import { Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { Frame } from "./frame.tsx";
import { adminNavItems } from "./nav.ts";
import { Navigation, NavLabel, navLinkClass } from "./navigation.tsx";

/** Around every page of the installation's admins. */
export function AdminShell() {
  return (
    <Frame
      place={
        <div className="flex items-center justify-between gap-2 pl-1.5">
          <span className="truncate text-sm font-semibold">Admin</span>
          <Link
            to="/"
            aria-label="Back to workspaces"
            title="Back to workspaces"
            className="inline-flex size-8 shrink-0 items-center justify-center rounded-lg text-muted transition-colors hover:bg-subtle hover:text-fg max-sm:size-10"
          >
            <ArrowLeft aria-hidden="true" className="size-4" />
          </Link>
        </div>
      }
      navigation={
        <Navigation label="Admin">
          {adminNavItems.map(({ to, label, icon }) => (
            <li key={to}>
              <Link to={to} className={navLinkClass} activeOptions={{ includeSearch: false }}>
                <NavLabel icon={icon} label={label} />
              </Link>
            </li>
          ))}
        </Navigation>
      }
    />
  );
}
