export type SandboxFailure =
  | "TIMED_OUT"
  | "OUT_OF_MEMORY"
  | "THREW"
  | "SYNTAX_ERROR"
  | "RESULT_TOO_LARGE"
  | "ABORTED";

export type SandboxResult =
  /** `value` is plain JSON data (undefined becomes null). */
  | { readonly ok: true; readonly value: unknown; readonly logs: readonly string[] }
  /** `message` speaks to the code's author; it names a line of `source` where there is one, and no path of the host. */
  | {
      readonly ok: false;
      readonly failure: SandboxFailure;
      readonly message: string;
      readonly logs: readonly string[];
    };

export interface SandboxLimits {
  /** Counted from the moment the code starts, not from the call: waiting for a free thread is not the code's fault. */
  readonly timeoutMs: number;
  /** All that the code and its inputs may occupy. Rounded up to at least 16 MiB, the interpreter's smallest memory. */
  readonly memoryBytes: number;
  /** Of the result written as JSON in UTF-8. */
  readonly resultBytes: number;
}

export interface SandboxJob {
  /**
   * `body`: statements of an async function of one argument `inputs`, with `return`.
   * `expression`: one expression over `inputs`. Both are strict mode and may use `await`.
   */
  readonly kind: "body" | "expression";
  readonly source: string;
  /** JSON data, bound as a value; never pasted into the source. Data that JSON cannot write rejects with a TypeError. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly limits: SandboxLimits;
}

/**
 * Runs untrusted JavaScript with no access to anything but its inputs: the language and `console`, but no timers, network,
 * modules or files. One fresh interpreter per job. An aborted signal gives `ABORTED`, also while the job waits.
 * Rejects only when the sandbox itself is broken or closed.
 */
export interface Sandbox {
  run(job: SandboxJob, signal: AbortSignal): Promise<SandboxResult>;
}
