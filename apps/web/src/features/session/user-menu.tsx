import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LogOut, Monitor, Moon, ShieldCheck, Sun } from "lucide-react";
import { trpc } from "../../api/client.ts";
import { classNames } from "../../ui/class-names.ts";
import { Menu, menuItemClass } from "../../ui/menu.tsx";
import { type ThemeChoice, useTheme } from "../../ui/theme.ts";
import { authClient } from "./auth-client.ts";
import { forgetSession, sessionQuery } from "./session.ts";

const themes: readonly { readonly choice: ThemeChoice; readonly label: string; readonly icon: typeof Sun }[] =
  [
    { choice: "system", label: "System theme", icon: Monitor },
    { choice: "light", label: "Light theme", icon: Sun },
    { choice: "dark", label: "Dark theme", icon: Moon },
  ];

interface UserMenuProps {
  readonly placement: string;
  readonly onSignedOut: () => void;
}

export function UserMenu({ placement, onSignedOut }: UserMenuProps) {
  const { data: user } = useQuery(sessionQuery);
  const { data: me } = useQuery(trpc.session.me.queryOptions());
  const { choice: current, choose } = useTheme();
  const name = user?.name ?? "";
  return (
    <Menu
      label="Account"
      placement={placement}
      triggerClass="flex w-full min-w-0 items-center gap-2.5 rounded-lg p-1.5 text-left text-sm transition-colors hover:bg-subtle"
      trigger={
        <>
          <span
            aria-hidden="true"
            className="flex size-7 shrink-0 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent-text"
          >
            {name.slice(0, 1).toUpperCase()}
          </span>
          <span className="min-w-0 truncate max-lg:hidden">{name}</span>
        </>
      }
    >
      <>
        <p className="px-2.5 pt-1.5 pb-2 text-xs text-muted">
          <span className="block truncate text-sm font-medium text-fg">{name}</span>
          <span className="block truncate">{user?.email}</span>
        </p>
        <hr className="my-1 border-line" />
        {themes.map(({ choice, label, icon: Icon }) => (
          <button
            key={choice}
            type="button"
            role="menuitemradio"
            aria-checked={choice === current}
            tabIndex={-1}
            className={classNames(menuItemClass, choice === current && "font-medium text-accent-text")}
            onClick={() => choose(choice)}
          >
            <Icon aria-hidden="true" className="size-4" />
            {label}
          </button>
        ))}
        <hr className="my-1 border-line" />
        {me?.isAdmin === true && (
          <Link to="/admin" role="menuitem" tabIndex={-1} className={menuItemClass}>
            <ShieldCheck aria-hidden="true" className="size-4 text-muted" />
            Admin
          </Link>
        )}
        <button
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={menuItemClass}
          onClick={() => {
            void authClient.signOut().then(() => {
              forgetSession();
              onSignedOut();
            });
          }}
        >
          <LogOut aria-hidden="true" className="size-4 text-muted" />
          Sign out
        </button>
      </>
    </Menu>
  );
}
