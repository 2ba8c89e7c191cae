import { Link, useNavigate } from "@tanstack/react-router";
import { WorkspaceSwitcher } from "../features/workspaces/workspace-switcher.tsx";
import { rememberWorkspace } from "./first-workspace.ts";
import { Frame } from "./frame.tsx";
import { navItems } from "./nav.ts";
import { Navigation, NavLabel, navLinkClass } from "./navigation.tsx";

/** Around every page of a workspace. */
export function Shell({ workspaceId }: { readonly workspaceId: string }) {
  const navigate = useNavigate();
  const onSwitch = (next: string) => {
    rememberWorkspace(next);
    void navigate({ to: "/w/$workspaceId/workflows", params: { workspaceId: next } });
  };
  return (
    <Frame
      place={<WorkspaceSwitcher workspaceId={workspaceId} onSwitch={onSwitch} />}
      navigation={
        <Navigation label="Main">
          {navItems.map(({ to, label, icon }) => (
            <li key={to}>
              <Link to={to} params={{ workspaceId }} className={navLinkClass}>
                <NavLabel icon={icon} label={label} />
              </Link>
            </li>
          ))}
        </Navigation>
      }
    />
  );
}
