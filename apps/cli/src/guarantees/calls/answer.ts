/** What a caller of REST was told about a run that it started. */
export interface Answer {
  /** Null: the connection broke before an answer came. */
  readonly status: number | null;
  /** Of a refusal. */
  readonly code: string | null;
  readonly retryAfter: boolean;
  /** Of a refusal that is kept, and of a run that has ended. */
  readonly runId: string | null;
  /** Null unless the run was admitted and has ended. */
  readonly run: { readonly status: string; readonly output: unknown } | null;
}

interface Body {
  readonly data?: { readonly runId: string; readonly status: string; readonly output: unknown };
  readonly error?: { readonly code: string; readonly details?: { readonly runId?: string } };
}

export const noAnswer: Answer = { status: null, code: null, retryAfter: false, runId: null, run: null };

export async function answerOf(response: Response): Promise<Answer> {
  const { data, error }: Body = JSON.parse(await response.text());
  return {
    status: response.status,
    code: error?.code ?? null,
    retryAfter: response.headers.has("retry-after"),
    runId: data?.runId ?? error?.details?.runId ?? null,
    run: data === undefined ? null : { status: data.status, output: data.output },
  };
}

export function isCompleted({ run }: Answer): boolean {
  return run?.status === "completed";
}

/** How often each answer was given, the most frequent first: `990 CONCURRENCY_LIMIT, 10 completed`. */
export function tally(answers: readonly Answer[]): string {
  const counts = new Map<string, number>();
  for (const answer of answers) {
    const name = nameOf(answer);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([name, count]) => `${count.toLocaleString("en-US")} ${name}`).join(", ") || "none";
}

function nameOf({ status, code, run }: Answer): string {
  return run?.status ?? code ?? (status === null ? "without an answer" : `with status ${status}`);
}
