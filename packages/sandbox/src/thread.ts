import { Worker } from "node:worker_threads";
import { type Evaluation, type EvaluationJob, STOPPED_MESSAGE, timedOutMessage } from "./evaluation.ts";
import type { SandboxFailure } from "./port.ts";
import type { WorkerMessage, WorkerSetup } from "./worker.ts";

/** A worker thread that runs one job at a time. It keeps the process alive only while it does. */
export interface Thread {
  /** Rejects when the thread breaks. A job that does not stop when it must takes the thread with it. */
  run(job: EvaluationJob, signal: AbortSignal): Promise<Evaluation>;
  isAlive(): boolean;
  /** A job that still runs answers `ABORTED`. */
  kill(): Promise<void>;
}

interface Current {
  started(): void;
  settle(evaluation: Evaluation): void;
  fail(error: Error): void;
}

/** How long a job that must stop may take to notice, before its thread is killed. */
const GRACE_MS = 500;

/** Threads load JavaScript only, also when this module runs from its source: then it takes the built worker. */
const entry = new URL(import.meta.url.endsWith(".ts") ? "../dist/worker.js" : "./worker.js", import.meta.url);

export function startThread(): Thread {
  const setup: WorkerSetup = { abort: new Int32Array(new SharedArrayBuffer(4)) };
  const worker = new Worker(entry, {
    name: "gantry-sandbox",
    workerData: setup,
    env: {},
    execArgv: [],
    // The interpreter prints when it crashes; none of that is ours to show. The streams are left unread, because
    // reading them would keep the process alive.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 256, stackSizeMb: 16 },
  });
  worker.unref();

  let alive = true;
  let current: Current | null = null;
  worker.on("message", (message: WorkerMessage) => {
    if (message.type === "started") current?.started();
    else current?.settle(message.evaluation);
  });
  worker.on("error", (error) => broken(error));
  worker.on("exit", (code) => broken(new Error(`It ended with code ${code}`)));

  function broken(cause: unknown): void {
    alive = false;
    current?.fail(new Error("A sandbox thread broke while it ran a job", { cause }));
  }

  async function kill(): Promise<void> {
    alive = false;
    current?.settle({ ok: false, failure: "ABORTED", message: STOPPED_MESSAGE, logs: [] });
    await worker.terminate();
  }

  function run(job: EvaluationJob, signal: AbortSignal): Promise<Evaluation> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const self: Current = {
        started() {
          if (signal.aborted) return;
          killAfter(job.limits.timeoutMs + GRACE_MS, "TIMED_OUT", timedOutMessage(job.limits));
        },
        settle(evaluation) {
          end();
          resolve(evaluation);
        },
        fail(error) {
          end();
          reject(error);
        },
      };
      current = self;
      Atomics.store(setup.abort, 0, 0);
      signal.addEventListener("abort", abort, { once: true });
      worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage(job);
      if (signal.aborted) abort();

      function abort(): void {
        Atomics.store(setup.abort, 0, 1);
        killAfter(GRACE_MS, "ABORTED", STOPPED_MESSAGE);
      }

      function killAfter(delayMs: number, failure: SandboxFailure, message: string): void {
        clearTimeout(timer);
        timer = setTimeout(() => {
          // An event loop that was blocked runs timers before it reads an answer that came in time: read that first.
          setImmediate(() => {
            if (current !== self) return;
            self.settle({ ok: false, failure, message, logs: [] });
            void kill();
          });
        }, delayMs);
      }

      function end(): void {
        current = null;
        clearTimeout(timer);
        signal.removeEventListener("abort", abort);
        worker.unref();
      }
    });
  }

  return { run, kill, isAlive: () => alive };
}
