import { type Evaluation, type EvaluationJob, STOPPED_MESSAGE } from "./evaluation.ts";
import type { Sandbox, SandboxResult } from "./port.ts";
import { startThread, type Thread } from "./thread.ts";

export interface SandboxPool extends Sandbox {
  /** Starts every thread and runs a job on each: the first one on a thread takes some 100 ms, later ones 2 to 3. */
  warm(): Promise<void>;
  /** Ends every thread. Running and waiting jobs answer `ABORTED`; later ones reject. */
  close(): Promise<void>;
}

interface Waiting {
  readonly start: () => void;
  readonly abort: () => void;
}

/**
 * A sandbox on at most `threadsMax` threads, started when jobs need them and replaced when they break. Jobs wait in the
 * order of their calls; one tenant's endless loop holds one thread until its time is up, and never the caller's.
 */
export function createSandbox({ threadsMax }: { readonly threadsMax: number }): SandboxPool {
  if (threadsMax < 1) throw new Error("A sandbox needs at least one thread");
  const waiting: Waiting[] = [];
  const idle: Thread[] = [];
  const busy = new Set<Thread>();
  let closed = false;

  function startWaiting(): void {
    while (busy.size < threadsMax) {
      const next = waiting.shift();
      if (next === undefined) return;
      next.start();
    }
  }

  function enqueue(job: EvaluationJob, signal: AbortSignal): Promise<Evaluation> {
    return new Promise((resolve) => {
      const entry: Waiting = {
        start: () => {
          signal.removeEventListener("abort", entry.abort);
          resolve(runOnThread(job, signal));
        },
        abort: () => {
          signal.removeEventListener("abort", entry.abort);
          const place = waiting.indexOf(entry);
          if (place >= 0) waiting.splice(place, 1);
          resolve({ ok: false, failure: "ABORTED", message: STOPPED_MESSAGE, logs: [] });
        },
      };
      if (signal.aborted) {
        entry.abort();
        return;
      }
      signal.addEventListener("abort", entry.abort);
      waiting.push(entry);
      startWaiting();
    });
  }

  async function runOnThread(job: EvaluationJob, signal: AbortSignal): Promise<Evaluation> {
    let thread = idle.pop();
    while (thread !== undefined && !thread.isAlive()) thread = idle.pop();
    thread ??= startThread();
    busy.add(thread);
    try {
      return await thread.run(job, signal);
    } finally {
      busy.delete(thread);
      if (thread.isAlive()) idle.push(thread);
      startWaiting();
    }
  }

  return {
    async run({ kind, source, inputs, limits }, signal) {
      if (closed) throw new Error("The sandbox is closed");
      const inputsJson = JSON.stringify(inputs);
      const evaluation = await enqueue({ kind, source, inputsJson, limits }, signal);
      return toResult(evaluation);
    },

    async warm() {
      const job: EvaluationJob = { kind: "expression", source: "0", inputsJson: "{}", limits: warmLimits };
      const { signal } = new AbortController();
      await Promise.all(Array.from({ length: threadsMax }, () => enqueue(job, signal)));
    },

    async close() {
      closed = true;
      for (const entry of waiting.slice()) entry.abort();
      await Promise.all([...idle, ...busy].map((thread) => thread.kill()));
    },
  };
}

const warmLimits = { timeoutMs: 10_000, memoryBytes: 16 * 1024 * 1024, resultBytes: 100 };

function toResult(evaluation: Evaluation): SandboxResult {
  if (!evaluation.ok) return evaluation;
  const value: unknown = JSON.parse(evaluation.valueJson);
  return { ok: true, value, logs: evaluation.logs };
}
