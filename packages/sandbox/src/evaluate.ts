import { newQuickJSWASMModuleFromVariant, newVariant, RELEASE_SYNC } from "quickjs-emscripten";
import {
  type Evaluation,
  type EvaluationJob,
  outOfMemory,
  STOPPED_MESSAGE,
  timedOutMessage,
} from "./evaluation.ts";
import { type GuestOutcome, runGuest } from "./guest.ts";
import { createLogLines } from "./log-lines.ts";
import { createStopSwitch } from "./stop-switch.ts";
import { createBoundedMemory, type WasmModule } from "./wasm.ts";

/**
 * About 3,000 nested calls. A thread's native stack of 16 MB holds this much at every kind of recursion that was tried
 * (calls, parser, JSON, regular expressions, proxies, array joins); twice as much overflowed it.
 */
const STACK_BYTES = 512 * 1024;

/**
 * Runs one job to its end on the calling thread. Every job gets an instance of the interpreter of its own, so that it
 * shares nothing with the job before it, whatever became of that one. The instance is left to the garbage collector.
 */
export async function evaluate(
  module: WasmModule,
  job: EvaluationJob,
  isAborted: () => boolean,
): Promise<Evaluation> {
  const memory = createBoundedMemory(job.limits.memoryBytes);
  // Both texts are in memory twice, and once more as values, before the first line of code runs.
  if (3 * (Buffer.byteLength(job.source) + Buffer.byteLength(job.inputsJson)) > memory.bytesMax) {
    return { ...outOfMemory(job.limits), logs: [] };
  }
  const variant = newVariant(RELEASE_SYNC, { wasmModule: module, wasmMemory: memory.memory });
  const runtime = (await newQuickJSWASMModuleFromVariant(variant)).newRuntime();
  runtime.setMaxStackSize(STACK_BYTES);

  const stop = createStopSwitch(job.limits.timeoutMs, () => performance.now(), isAborted);
  runtime.setInterruptHandler(() => stop.check());
  const logs = createLogLines();
  const outcome = stop.check() ? null : run();

  const stopped = stop.reason();
  if (stopped === "ABORTED")
    return { ok: false, failure: stopped, message: STOPPED_MESSAGE, logs: logs.lines };
  if (stopped === "TIMED_OUT") {
    return { ok: false, failure: stopped, message: timedOutMessage(job.limits), logs: logs.lines };
  }
  if (outcome === null) throw new Error("A job that was not stopped has no outcome");
  return { ...outcome, logs: logs.lines };

  function run(): GuestOutcome | null {
    try {
      return runGuest({ runtime, job, memory, logs, stop });
    } catch (error) {
      if (stop.reason() !== null) return null;
      // A host error means that the interpreter is beyond use. Two kinds are the code's own doing.
      if (error instanceof RangeError) return { ok: false, failure: "THREW", message: "Stack overflow" };
      if (memory.isExhausted()) return outOfMemory(job.limits);
      throw error;
    }
  }
}
