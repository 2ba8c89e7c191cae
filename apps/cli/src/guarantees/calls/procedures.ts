import type { WorkflowDefinition } from "@gantry/workflow";
import type { Tenant } from "../installation/tenant.ts";
import type { Ask } from "./start-run.ts";

/** What a payer has in use, from the claim store itself, wherever that is. */
export interface Usage {
  readonly settledMicros: number;
  readonly heldMicros: number;
  readonly concurrency: { readonly inUse: number };
}

/** Each of these throws when it is not answered with 200. */
export function readUsage(baseUrl: string, { apiKey, workspaceId }: Tenant): Promise<Usage> {
  const input = encodeURIComponent(JSON.stringify({ workspaceId }));
  return ask<Usage>(`${baseUrl}/trpc/usage.get?input=${input}`, apiKey);
}

export function cancelRun(baseUrl: string, { apiKey }: Tenant, runId: string): Promise<unknown> {
  return ask(`${baseUrl}/trpc/execution.cancel`, apiKey, { runId });
}

/** The next revision of the draft. */
export async function saveDraft(
  baseUrl: string,
  { apiKey, workflowId }: Ask,
  baseRevision: number,
  definition: WorkflowDefinition,
): Promise<number> {
  const body = { workflowId, baseRevision, definition };
  const { revision } = await ask<{ revision: number }>(`${baseUrl}/trpc/workflow.saveDraft`, apiKey, body);
  return revision;
}

/** Makes the draft the active version. */
export function deploy(baseUrl: string, { apiKey, workflowId }: Ask): Promise<unknown> {
  return ask(`${baseUrl}/trpc/deployment.deploy`, apiKey, { workflowId });
}

/** How a run stands, as its caller sees it over REST. */
export async function readRunStatus(
  baseUrl: string,
  { apiKey, workflowId }: Ask,
  runId: string,
): Promise<string> {
  const headers = { "x-api-key": apiKey };
  const response = await fetch(`${baseUrl}/api/v2/workflows/${workflowId}/runs/${runId}`, { headers });
  const { data }: { data?: { status: string } } = JSON.parse(await response.text());
  return data?.status ?? `not found (${response.status})`;
}

async function ask<T>(url: string, apiKey: string, body: object | null = null): Promise<T> {
  const headers = { "content-type": "application/json", "x-api-key": apiKey };
  const response = await fetch(
    url,
    body === null ? { headers } : { method: "POST", headers, body: JSON.stringify(body) },
  );
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  const { result }: { result: { data: T } } = JSON.parse(text);
  return result.data;
}
