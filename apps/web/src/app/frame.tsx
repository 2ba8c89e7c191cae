import { Outlet, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { UserMenu } from "../features/session/user-menu.tsx";
import { Logo } from "../ui/logo.tsx";
import { SkipLink } from "./skip-link.tsx";
import { useFocusOnNavigation } from "./use-focus-on-navigation.ts";

interface FrameProps {
  /** Where one is: beside the logo. */
  readonly place: ReactNode;
  readonly navigation: ReactNode;
}

/** Side bar on wide screens; a bar at the top and one at the bottom on narrow ones. */
export function Frame({ place, navigation }: FrameProps) {
  const main = useFocusOnNavigation();
  const navigate = useNavigate();
  const onSignedOut = () => void navigate({ to: "/sign-in", search: {} });
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <SkipLink />
      <header className="sticky top-0 z-30 flex items-center gap-2 border-b border-line bg-bg px-3 py-1.5 lg:h-dvh lg:flex-col lg:items-stretch lg:gap-1 lg:border-r lg:border-b-0 lg:p-3">
        <div className="flex min-w-0 flex-1 items-center gap-2 lg:mb-4 lg:flex-none">
          <Logo className="size-7" />
          <div className="min-w-0 flex-1">{place}</div>
        </div>
        {navigation}
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
