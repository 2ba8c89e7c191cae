import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Archive, Ellipsis, History } from "lucide-react";
import { useState } from "react";
import { trpc } from "../../api/client.ts";
import { readFailure } from "../../api/failure.ts";
import type { Workflow } from "../../api/types.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Menu, menuItemClass } from "../../ui/menu.tsx";

interface WorkflowMenuProps {
  readonly workspaceId: string;
  readonly workflow: Workflow;
}

export function WorkflowMenu({ workspaceId, workflow }: WorkflowMenuProps) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [archiving, setArchiving] = useState(false);
  const archive = useMutation(
    trpc.workflow.archive.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.workflow.list.queryKey({ workspaceId }) });
        await navigate({ to: "/w/$workspaceId/workflows", params: { workspaceId } });
      },
    }),
  );
  return (
    <>
      <Menu
        label="More"
        placement="top-full right-0 mt-1"
        triggerClass="inline-flex size-8 items-center justify-center rounded-lg text-muted transition-colors hover:bg-subtle hover:text-fg"
        trigger={<Ellipsis aria-hidden="true" className="size-4" />}
      >
        <>
          <button
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={menuItemClass}
            onClick={() => {
              void navigate({
                to: "/w/$workspaceId/runs",
                params: { workspaceId },
                search: { workflow: workflow.id },
              });
            }}
          >
            <History aria-hidden="true" className="size-4 text-muted" />
            Runs of this workflow
          </button>
          {workflow.level !== "read" && (
            <button
              type="button"
              role="menuitem"
              tabIndex={-1}
              className={`${menuItemClass} text-bad`}
              onClick={() => {
                setArchiving(true);
              }}
            >
              <Archive aria-hidden="true" className="size-4" />
              Archive
            </button>
          )}
        </>
      </Menu>
      {archiving && (
        <ConfirmDialog
          title={`Archive ${workflow.name}?`}
          confirm="Archive"
          danger
          busy={archive.isPending}
          error={archive.error === null ? null : readFailure(archive.error).message}
          onConfirm={() => archive.mutate({ workflowId: workflow.id })}
          onClose={() => setArchiving(false)}
        >
          It leaves the list and can no longer be run, by anybody. Its past runs stay.
        </ConfirmDialog>
      )}
    </>
  );
}
