import { getRouteApi } from "@tanstack/react-router";
import { PlanSection } from "../features/billing/plan-section.tsx";
import { EnvironmentPage } from "../features/environment/environment-page.tsx";
import { KeysPage } from "../features/keys/keys-page.tsx";
import { RunsPage } from "../features/runs/runs-page.tsx";
import { UsagePage } from "../features/usage/usage-page.tsx";
import { WorkflowsPage } from "../features/workflows/workflows-page.tsx";

const workspace = getRouteApi("/signed-in/w/$workspaceId");
const runs = getRouteApi("/signed-in/w/$workspaceId/runs");

export function WorkflowsRoute() {
  return <WorkflowsPage {...workspace.useParams()} />;
}

export function RunsRoute() {
  const navigate = runs.useNavigate();
  return (
    <RunsPage
      {...runs.useParams()}
      filter={runs.useSearch()}
      onFilter={(search) => void navigate({ search, replace: true })}
    />
  );
}

export function UsageRoute() {
  const { workspaceId } = workspace.useParams();
  return <UsagePage workspaceId={workspaceId} plan={<PlanSection workspaceId={workspaceId} />} />;
}

export function KeysRoute() {
  return <KeysPage {...workspace.useParams()} />;
}

export function EnvironmentRoute() {
  return <EnvironmentPage {...workspace.useParams()} />;
}
