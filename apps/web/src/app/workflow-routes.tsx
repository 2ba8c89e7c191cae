import { getRouteApi } from "@tanstack/react-router";
import { RunPage } from "../features/runs/run-page.tsx";
import { RunTab } from "../features/runs/run-tab.tsx";
import { VersionsTab } from "../features/versions/versions-tab.tsx";
import { WorkflowFrame } from "../features/workflows/workflow-frame.tsx";

const workflow = getRouteApi("/signed-in/w/$workspaceId/workflows/$workflowId");
const versions = getRouteApi("/signed-in/w/$workspaceId/workflows/$workflowId/versions");
const run = getRouteApi("/signed-in/w/$workspaceId/runs/$runId");

export function RunTabRoute() {
  const params = workflow.useParams();
  return (
    <WorkflowFrame {...params}>
      {({ draft }) => <RunTab key={params.workflowId} {...params} draft={draft} />}
    </WorkflowFrame>
  );
}

export function VersionsTabRoute() {
  const params = versions.useParams();
  return (
    <WorkflowFrame {...params}>
      {(data) => <VersionsTab key={params.workflowId} workflow={data} />}
    </WorkflowFrame>
  );
}

export function RunRoute() {
  const params = run.useParams();
  return <RunPage key={params.runId} {...params} />;
}
