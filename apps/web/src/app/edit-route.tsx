import { getRouteApi } from "@tanstack/react-router";
import { EditTab } from "../features/editor/edit-tab.tsx";
import { WorkflowFrame } from "../features/workflows/workflow-frame.tsx";

const edit = getRouteApi("/signed-in/w/$workspaceId/workflows/$workflowId/edit");

export function EditTabRoute() {
  const params = edit.useParams();
  return (
    <WorkflowFrame {...params}>
      {(workflow) => <EditTab key={workflow.id} workflow={workflow} />}
    </WorkflowFrame>
  );
}
