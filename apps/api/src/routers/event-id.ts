/** How a watcher names the last event that it saw, over tRPC and REST alike. */
export function eventId(runId: string, seq: number): string {
  return `${runId}:${seq}`;
}

/** Of a refusal: nothing ever follows it. */
export const refusalEventId = "refused:0";

/** Null for what `eventId` never made. */
export function parseEventId(text: string): { readonly runId: string; readonly seq: number } | null {
  const match = /^([A-Za-z0-9_-]{1,200}):(\d{1,15})$/.exec(text);
  const [, runId, seq] = match ?? [];
  return runId === undefined || seq === undefined ? null : { runId, seq: Number(seq) };
}
