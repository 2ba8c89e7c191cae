import { Activity, Gauge, KeyRound, type LucideIcon, SlidersHorizontal, Workflow } from "lucide-react";

interface NavItem {
  readonly to:
    | "/w/$workspaceId/workflows"
    | "/w/$workspaceId/runs"
    | "/w/$workspaceId/usage"
    | "/w/$workspaceId/keys"
    | "/w/$workspaceId/environment";
  readonly label: string;
  readonly icon: LucideIcon;
}

export const navItems: readonly NavItem[] = [
  { to: "/w/$workspaceId/workflows", label: "Workflows", icon: Workflow },
  { to: "/w/$workspaceId/runs", label: "Runs", icon: Activity },
  { to: "/w/$workspaceId/usage", label: "Usage", icon: Gauge },
  { to: "/w/$workspaceId/keys", label: "API keys", icon: KeyRound },
  { to: "/w/$workspaceId/environment", label: "Environment", icon: SlidersHorizontal },
];
