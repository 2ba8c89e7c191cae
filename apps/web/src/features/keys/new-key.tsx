import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../api/client.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Dialog, DialogActions } from "../../ui/dialog.tsx";
import { JsonView } from "../../ui/json-view.tsx";
import { Notice } from "../../ui/notice.tsx";

interface NewKeyProps {
  readonly workspaceId: string;
  readonly secret: string;
  readonly onClose: () => void;
}

/** The only time the secret is shown. */
export function NewKey({ workspaceId, secret, onClose }: NewKeyProps) {
  const workflows = useQuery(trpc.workflow.list.queryOptions({ workspaceId }));
  const workflow = workflows.data?.find((item) => item.activeVersionNumber !== null) ?? workflows.data?.[0];
  return (
    <Dialog title="Copy your key now" wide onClose={onClose}>
      <div className="space-y-5">
        <Notice tone="warn">This is the only time it is shown. Keep it where secrets are kept.</Notice>
        <div className="flex items-center gap-2 rounded-lg bg-subtle py-1.5 pr-1.5 pl-3.5">
          <code aria-label="API key" className="min-w-0 flex-1 font-mono text-[13px] break-all">
            {secret}
          </code>
          <CopyButton text={secret} label="Copy key" />
        </div>
        <JsonView label="Try it" value={curl(secret, workflow?.id ?? "WORKFLOW_ID")} />
        {workflow?.activeVersionNumber === null && (
          <p className="text-[13px] text-muted">
            {workflow.name} must be deployed before this call can run it.
          </p>
        )}
      </div>
      <DialogActions>
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function curl(secret: string, workflowId: string): string {
  return [
    `curl -sS ${window.location.origin}/api/v2/workflows/${workflowId}/execute \\`,
    `  -H 'X-API-Key: ${secret}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"input":{}}'`,
  ].join("\n");
}
