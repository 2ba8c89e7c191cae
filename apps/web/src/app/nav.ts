import {
  Activity,
  FlaskConical,
  Gauge,
  KeyRound,
  Layers,
  type LucideIcon,
  PlugZap,
  ScrollText,
  SlidersHorizontal,
  Users,
  WalletCards,
  Workflow,
} from "lucide-react";

interface NavItem<To extends string> {
  readonly to: To;
  readonly label: string;
  readonly icon: LucideIcon;
}

export const navItems: readonly NavItem<
  | "/w/$workspaceId/workflows"
  | "/w/$workspaceId/runs"
  | "/w/$workspaceId/usage"
  | "/w/$workspaceId/keys"
  | "/w/$workspaceId/environment"
>[] = [
  { to: "/w/$workspaceId/workflows", label: "Workflows", icon: Workflow },
  { to: "/w/$workspaceId/runs", label: "Runs", icon: Activity },
  { to: "/w/$workspaceId/usage", label: "Usage", icon: Gauge },
  { to: "/w/$workspaceId/keys", label: "API keys", icon: KeyRound },
  { to: "/w/$workspaceId/environment", label: "Environment", icon: SlidersHorizontal },
];

/** Of an admin of the installation. */
export const adminNavItems: readonly NavItem<
  "/admin/users" | "/admin/payers" | "/admin/slots" | "/admin/providers" | "/admin/shadow" | "/admin/audit"
>[] = [
  { to: "/admin/users", label: "Users", icon: Users },
  { to: "/admin/payers", label: "Payers", icon: WalletCards },
  { to: "/admin/slots", label: "Slots", icon: Layers },
  { to: "/admin/providers", label: "Providers", icon: PlugZap },
  { to: "/admin/shadow", label: "Shadow", icon: FlaskConical },
  { to: "/admin/audit", label: "Audit log", icon: ScrollText },
];
