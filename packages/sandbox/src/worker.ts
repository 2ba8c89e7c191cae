import { parentPort, workerData } from "node:worker_threads";
import { evaluate } from "./evaluate.ts";
import type { Evaluation, EvaluationJob } from "./evaluation.ts";
import { compileQuickJs } from "./wasm.ts";

/** What a thread says: that a job's code starts, and what became of it. */
export type WorkerMessage =
  | { readonly type: "started" }
  | { readonly type: "finished"; readonly evaluation: Evaluation };

/** What a thread is born with. `abort` holds one number; anything but 0 means that the current job must stop. */
export interface WorkerSetup {
  readonly abort: Int32Array;
}

const port = parentPort;
if (port === null) throw new Error("This module runs as a worker thread only");
const { abort }: WorkerSetup = workerData;
const module = compileQuickJs();

port.on("message", (job: EvaluationJob) => {
  void run(job);
});

async function run(job: EvaluationJob): Promise<void> {
  const compiled = await module;
  send({ type: "started" });
  send({ type: "finished", evaluation: await evaluate(compiled, job, () => Atomics.load(abort, 0) !== 0) });
}

function send(message: WorkerMessage): void {
  port?.postMessage(message);
}
