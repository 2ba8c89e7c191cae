import { useQuery } from "@tanstack/react-query";
import { Rocket } from "lucide-react";
import { useState } from "react";
import { trpc } from "../../api/client.ts";
import type { Workflow } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Section } from "../../ui/page.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { DeployDialog } from "./deploy-dialog.tsx";
import { UndeployButton } from "./undeploy-button.tsx";
import { VersionList } from "./version-list.tsx";

/** Deploying the draft, and the versions that were deployed before. */
export function VersionsTab({ workflow }: { readonly workflow: Workflow }) {
  const versions = useQuery(trpc.deployment.list.queryOptions({ workflowId: workflow.id }));
  // Said beside each version once it is known; the versions do not wait for it.
  const costs = useQuery(trpc.deployment.costs.queryOptions({ workflowId: workflow.id }));
  const [deploying, setDeploying] = useState(false);
  const [announcement, setAnnouncement] = useState("");
  const canWrite = workflow.level !== "read";
  return (
    <Section
      title="Versions"
      description="API calls, schedules and webhooks run the active version. Versions never change; the draft does."
      actions={
        canWrite && (
          <div className="flex gap-2">
            {workflow.activeVersion !== null && (
              <UndeployButton workflow={workflow} onDone={setAnnouncement} />
            )}
            <Button
              variant="primary"
              icon={<Rocket aria-hidden="true" className="size-4" />}
              onClick={() => setDeploying(true)}
            >
              Deploy
            </Button>
          </div>
        )
      }
    >
      <p role="status" className="text-[13px] font-medium text-ok empty:hidden">
        {announcement}
      </p>
      <QueryView
        query={versions}
        skeleton={<SkeletonRows label="Loading versions" />}
        errorTitle="The versions could not be loaded"
      >
        {(items) =>
          items.length === 0 ? (
            <EmptyState icon={Rocket} title="Never deployed">
              Deploy the draft to give it a version number and make it answer API calls.
            </EmptyState>
          ) : (
            <VersionList
              workflow={workflow}
              versions={items}
              costs={costs.data?.versions ?? []}
              canWrite={canWrite}
              onDone={setAnnouncement}
            />
          )
        }
      </QueryView>
      {deploying && (
        <DeployDialog
          workflow={workflow}
          cost={costs.data?.draft ?? null}
          onClose={() => setDeploying(false)}
          onDone={setAnnouncement}
        />
      )}
    </Section>
  );
}
