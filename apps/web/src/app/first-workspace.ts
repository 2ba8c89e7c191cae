import type { Workspace } from "../api/types.ts";

const key = "gantry.workspace";

export function rememberWorkspace(workspaceId: string): void {
  localStorage.setItem(key, workspaceId);
}

/**
 * Where to begin: the workspace used last, as long as it is still there; else a team's before one's own, which
 * everybody has and many leave empty.
 */
export function firstWorkspace(workspaces: readonly Workspace[]): Workspace | undefined {
  const last = localStorage.getItem(key);
  return (
    workspaces.find(({ id }) => id === last) ??
    workspaces.find(({ payer }) => payer?.kind === "organization") ??
    workspaces[0]
  );
}
