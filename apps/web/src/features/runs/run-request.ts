import type { JsonValue } from "@gantry/workflow";

/** What the form asks for. */
export interface RunRequest {
  readonly input: Record<string, JsonValue>;
  /** The most that the run may cost, in micro-dollars; null for no limit of its own. */
  readonly maxCostMicros: number | null;
}

/** As the API takes it. */
export function startInput(workflowId: string, { input, maxCostMicros }: RunRequest) {
  return { workflowId, input, ...(maxCostMicros === null ? {} : { maxCostMicros }) };
}

/** The name of the cost limit among the problems that the server finds. */
export const costLimitPath = "maxCostMicros";
