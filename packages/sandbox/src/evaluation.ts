import type { SandboxFailure, SandboxJob, SandboxLimits } from "./port.ts";

/** A job as it travels to a thread: plain text and numbers. */
export interface EvaluationJob {
  readonly kind: SandboxJob["kind"];
  readonly source: string;
  readonly inputsJson: string;
  readonly limits: SandboxLimits;
}

export type Evaluation =
  | { readonly ok: true; readonly valueJson: string; readonly logs: readonly string[] }
  | {
      readonly ok: false;
      readonly failure: SandboxFailure;
      readonly message: string;
      readonly logs: readonly string[];
    };

export const STOPPED_MESSAGE = "The code was stopped";

export function timedOutMessage(limits: SandboxLimits): string {
  return `The code ran for longer than ${limits.timeoutMs} ms`;
}

export function outOfMemory(limits: SandboxLimits) {
  const message = `The code needs more memory than ${limits.memoryBytes} bytes`;
  return { ok: false, failure: "OUT_OF_MEMORY", message } as const;
}
