import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { trpc } from "../../api/client.ts";
import type { Deployment } from "../../api/types.ts";
import { readGraph } from "../../definition/read-definition.ts";
import { GraphPanel } from "../../graph/graph-panel.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { JsonView } from "../../ui/json-view.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

interface VersionDialogProps {
  readonly workflowId: string;
  readonly version: Deployment;
  readonly onClose: () => void;
}

export function VersionDialog({ workflowId, version, onClose }: VersionDialogProps) {
  const query = useQuery(
    trpc.deployment.get.queryOptions({ workflowId, versionId: version.id }, { staleTime: Infinity }),
  );
  return (
    <Dialog title={`Version ${version.number}`} wide onClose={onClose}>
      <QueryView
        query={query}
        skeleton={<Skeleton className="h-96" />}
        errorTitle="The version could not be loaded"
      >
        {({ definition }) => <VersionDefinition definition={definition} />}
      </QueryView>
    </Dialog>
  );
}

function VersionDefinition({ definition }: { readonly definition: unknown }) {
  const graph = useMemo(() => readGraph(definition), [definition]);
  return (
    <div className="space-y-5">
      <GraphPanel label="Version graph" graph={graph} className="h-64" />
      <JsonView label="Definition" value={definition} className="max-h-60" />
    </div>
  );
}
