export type SandboxFailure = "TIMED_OUT" | "OUT_OF_MEMORY" | "THREW" | "SYNTAX_ERROR" | "RESULT_TOO_LARGE" | "ABORTED";

export type SandboxResult =
  /** `value` is plain JSON data (undefined becomes null). */
  | { readonly ok: true; readonly value: unknown; readonly logs: readonly string[] }
  | { readonly ok: false; readonly failure: SandboxFailure; readonly message: string; readonly logs: readonly string[] };

export interface SandboxLimits {
  readonly timeoutMs: number;
  readonly memoryBytes: number;
  readonly resultBytes: number;
}

export interface SandboxJob {
  /** `body`: statements of an async function of one argument `inputs`, with `return`. `expression`: one expression over `inputs`. */
  readonly kind: "body" | "expression";
  readonly source: string;
  /** Bound as a value; never pasted into the source. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly limits: SandboxLimits;
}

/** Runs untrusted JavaScript with no access to anything but its inputs. One fresh context per job. */
export interface Sandbox {
  run(job: SandboxJob, signal: AbortSignal): Promise<SandboxResult>;
}
