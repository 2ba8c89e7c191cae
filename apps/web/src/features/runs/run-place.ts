/** Where a run is, for links from its page. */
export interface RunPlace {
  readonly workspaceId: string;
  readonly workflowId: string;
}
