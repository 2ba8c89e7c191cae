import type { App } from "./app.ts";

export interface Answer {
  readonly status: number;
  readonly body: { readonly data?: Readonly<Record<string, unknown>>; readonly error?: unknown };
}

/** Runs the active version of a workflow as another program would. */
export async function execute(
  app: Pick<App, "baseUrl" | "demo">,
  workflowId: string,
  apiKey: string = app.demo.apiKey,
): Promise<Answer> {
  const response = await fetch(`${app.baseUrl}/api/v2/workflows/${workflowId}/execute`, {
    method: "POST",
    headers: { "X-API-Key": apiKey, "Content-Type": "application/json" },
    body: JSON.stringify({ input: {} }),
  });
  return { status: response.status, body: await response.json() };
}
