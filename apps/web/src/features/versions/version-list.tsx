import { useState } from "react";
import type { Deployment, RunCost, RunCosts, Workflow } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { RelativeTime } from "../../ui/time.tsx";
import { ActivateDialog } from "./activate-dialog.tsx";
import { runCostSentence } from "./run-cost-words.ts";
import { VersionDialog } from "./version-dialog.tsx";

interface VersionListProps {
  readonly workflow: Workflow;
  readonly versions: readonly Deployment[];
  readonly costs: RunCosts["versions"];
  readonly canWrite: boolean;
  readonly onDone: (announcement: string) => void;
}

type Open = { readonly kind: "activate" | "view"; readonly version: Deployment };

export function VersionList({ workflow, versions, costs, canWrite, onDone }: VersionListProps) {
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <ol className="divide-y divide-line border-y border-line">
        {versions.map((version) => (
          <li key={version.id} className="numbers flex flex-wrap items-center gap-x-4 gap-y-2 py-3.5">
            <div className="min-w-0 flex-1 basis-60">
              <p className="flex items-center gap-2.5 text-sm font-medium">
                Version {version.number}
                {version.active && (
                  <span className="rounded-md bg-ok-soft px-2 py-0.5 text-xs font-medium text-ok">
                    Active
                  </span>
                )}
              </p>
              <p className="text-[13px] break-words text-muted">
                {version.note !== "" && <span className="text-fg">{version.note} · </span>}
                <RelativeTime at={version.createdAt} />
                {version.deployedBy !== null && ` by ${version.deployedBy}`}
              </p>
              <Cost cost={costs.find(({ versionId }) => versionId === version.id)?.cost} />
            </div>
            <div className="flex gap-2">
              <Button
                size="sm"
                variant="quiet"
                aria-label={`View version ${version.number}`}
                onClick={() => setOpen({ kind: "view", version })}
              >
                View
              </Button>
              {canWrite && !version.active && (
                <Button size="sm" onClick={() => setOpen({ kind: "activate", version })}>
                  {activateLabel(version, workflow)}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ol>
      {open?.kind === "activate" && (
        <ActivateDialog
          workflow={workflow}
          version={open.version}
          label={activateLabel(open.version, workflow)}
          onClose={close}
          onDone={onDone}
        />
      )}
      {open?.kind === "view" && (
        <VersionDialog workflowId={workflow.id} version={open.version} onClose={close} />
      )}
    </>
  );
}

function Cost({ cost }: { readonly cost: RunCost | undefined }) {
  if (cost === undefined) return null;
  return <p className="text-xs text-muted">{runCostSentence(cost)}</p>;
}

function activateLabel(version: Deployment, workflow: Workflow): string {
  const isOlder = workflow.activeVersion !== null && version.number < workflow.activeVersion.number;
  return `${isOlder ? "Roll back to" : "Activate"} version ${version.number}`;
}
