import { useNavigate } from "@tanstack/react-router";
import { FolderPlus } from "lucide-react";
import { useState } from "react";
import { CreateWorkspaceDialog } from "../features/workspaces/create-workspace-dialog.tsx";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";

/** Somebody who was removed from every workspace still has somewhere to begin. */
export function NoWorkspacePage() {
  const [creating, setCreating] = useState(false);
  const navigate = useNavigate();
  return (
    <main id="main" className="flex min-h-dvh items-center justify-center">
      <title>Workspaces · Gantry</title>
      <EmptyState
        icon={FolderPlus}
        heading="h1"
        title="You have no workspace"
        action={
          <Button variant="primary" onClick={() => setCreating(true)}>
            New workspace
          </Button>
        }
      >
        Workflows live in a workspace. Make one, or ask to be added to one.
      </EmptyState>
      {creating && (
        <CreateWorkspaceDialog
          onClose={() => setCreating(false)}
          onCreated={(workspaceId) =>
            void navigate({ to: "/w/$workspaceId/workflows", params: { workspaceId } })
          }
        />
      )}
    </main>
  );
}
