import { useQuery } from "@tanstack/react-query";
import { Check, ChevronsUpDown, Plus } from "lucide-react";
import { useState } from "react";
import { trpc } from "../../api/client.ts";
import { Menu, menuItemClass } from "../../ui/menu.tsx";
import { CreateWorkspaceDialog } from "./create-workspace-dialog.tsx";

interface WorkspaceSwitcherProps {
  readonly workspaceId: string;
  readonly onSwitch: (workspaceId: string) => void;
}

export function WorkspaceSwitcher({ workspaceId, onSwitch }: WorkspaceSwitcherProps) {
  const { data: workspaces = [] } = useQuery(trpc.workspace.list.queryOptions());
  const [creating, setCreating] = useState(false);
  const current = workspaces.find((workspace) => workspace.id === workspaceId);
  return (
    <>
      <Menu
        label={`Workspace: ${current?.name ?? "unknown"}`}
        placement="top-full left-0 mt-1"
        triggerClass="flex w-full min-w-0 items-center gap-2 rounded-lg p-1.5 text-left transition-colors hover:bg-subtle"
        trigger={
          <>
            <span className="min-w-0 flex-1">
              <span className="block truncate text-sm font-semibold">{current?.name ?? "Workspace"}</span>
            </span>
            <ChevronsUpDown aria-hidden="true" className="size-4 shrink-0 text-muted" />
          </>
        }
      >
        <>
          {workspaces.map((workspace) => (
            <button
              key={workspace.id}
              type="button"
              role="menuitemradio"
              aria-checked={workspace.id === workspaceId}
              tabIndex={-1}
              className={menuItemClass}
              onClick={() => {
                onSwitch(workspace.id);
              }}
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate">{workspace.name}</span>
                <span className="block truncate text-xs text-muted">
                  {workspace.payer === null ? "Nobody pays" : `Paid by ${workspace.payer.name}`}
                </span>
              </span>
              {workspace.id === workspaceId && (
                <Check aria-hidden="true" className="size-4 text-accent-text" />
              )}
            </button>
          ))}
          <hr className="my-1 border-line" />
          <button
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={menuItemClass}
            onClick={() => {
              setCreating(true);
            }}
          >
            <Plus aria-hidden="true" className="size-4 text-muted" />
            New workspace
          </button>
        </>
      </Menu>
      {creating && <CreateWorkspaceDialog onClose={() => setCreating(false)} onCreated={onSwitch} />}
    </>
  );
}
