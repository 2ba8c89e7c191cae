/** How a block stands within a run. `pending` may still be reached; `skipped` no longer can. */
export type BlockStatus = "pending" | "running" | "completed" | "failed" | "skipped" | "cancelled";

export interface BlockMark {
  readonly status: BlockStatus;
  readonly durationMs: number | null;
  /** The handle that the run left the block by; null while it is not known. */
  readonly leftBy: string | null;
}

export type BlockMarks = ReadonlyMap<string, BlockMark>;

export const blockStatusLabels: Readonly<Record<BlockStatus, string>> = {
  pending: "Pending",
  running: "Running",
  completed: "Completed",
  failed: "Failed",
  skipped: "Skipped",
  cancelled: "Cancelled",
};
