import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { UserMenu } from "../features/session/user-menu.tsx";
import { WorkspaceSwitcher } from "../features/workspaces/workspace-switcher.tsx";
import { Logo } from "../ui/logo.tsx";
import { rememberWorkspace } from "./first-workspace.ts";
import { navItems } from "./nav.ts";
import { SkipLink } from "./skip-link.tsx";
import { useFocusOnNavigation } from "./use-focus-on-navigation.ts";

/** Side bar on wide screens; a bar at the top and one at the bottom on narrow ones. */
export function Shell({ workspaceId }: { readonly workspaceId: string }) {
  const main = useFocusOnNavigation();
  const navigate = useNavigate();
  const onSwitch = (next: string) => {
    rememberWorkspace(next);
    void navigate({ to: "/w/$workspaceId/workflows", params: { workspaceId: next } });
  };
  const onSignedOut = () => void navigate({ to: "/sign-in", search: {} });
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <SkipLink />
      <header className="sticky top-0 z-30 flex items-center gap-2 border-b border-line bg-bg px-3 py-1.5 lg:h-dvh lg:flex-col lg:items-stretch lg:gap-1 lg:border-r lg:border-b-0 lg:p-3">
        <div className="flex min-w-0 flex-1 items-center gap-2 lg:mb-4 lg:flex-none">
          <Logo className="size-7" />
          <div className="min-w-0 flex-1">
            <WorkspaceSwitcher workspaceId={workspaceId} onSwitch={onSwitch} />
          </div>
        </div>
        <Navigation workspaceId={workspaceId} />
        <div className="lg:mt-auto">
          <UserMenu
            placement="right-0 top-full mt-1 lg:top-auto lg:right-auto lg:left-0 lg:bottom-full lg:mb-1"
            onSignedOut={onSignedOut}
          />
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1} className="min-w-0 pb-20 outline-none lg:pb-0">
        <Outlet />
      </main>
    </div>
  );
}

function Navigation({ workspaceId }: { readonly workspaceId: string }) {
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-bg pb-[env(safe-area-inset-bottom)] lg:static lg:border-0"
    >
      <ul className="grid grid-cols-5 lg:block lg:space-y-0.5">
        {navItems.map(({ to, label, icon: Icon }) => (
          <li key={to} className="min-w-0">
            <Link
              to={to}
              params={{ workspaceId }}
              className="flex flex-col items-center gap-1 px-1 py-2 text-[11px] font-medium text-muted transition-colors hover:text-fg data-[status=active]:text-accent-text lg:flex-row lg:gap-2.5 lg:rounded-lg lg:px-2.5 lg:py-1.5 lg:text-sm lg:hover:bg-subtle lg:data-[status=active]:bg-subtle lg:data-[status=active]:text-fg"
            >
              <Icon aria-hidden="true" className="size-5 shrink-0 lg:size-4" />
              <span className="max-w-full truncate">{label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
