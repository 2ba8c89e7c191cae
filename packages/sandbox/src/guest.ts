import type { QuickJSContext, QuickJSHandle, QuickJSRuntime } from "quickjs-emscripten";
import { type EvaluationJob, outOfMemory } from "./evaluation.ts";
import type { LogLines } from "./log-lines.ts";
import type { SandboxFailure } from "./port.ts";
import { PRELUDE } from "./prelude.ts";
import type { StopSwitch } from "./stop-switch.ts";
import type { BoundedMemory } from "./wasm.ts";

export type GuestOutcome =
  | { readonly ok: true; readonly valueJson: string }
  | { readonly ok: false; readonly failure: SandboxFailure; readonly message: string };

const PROMISE_JOBS_PER_TURN = 100;
const FILE_NAME = "code.js";
const LINE_NUMBER = /\bcode\.js:(\d+)/;

/**
 * Compiles the job's code in a new context, calls it with its inputs and waits for what it returns.
 * The outcome means nothing once `stop` has a reason: the interpreter was then torn out of whatever it did.
 */
export function runGuest(guest: {
  readonly runtime: QuickJSRuntime;
  readonly job: EvaluationJob;
  readonly memory: BoundedMemory;
  readonly logs: LogLines;
  readonly stop: StopSwitch;
}): GuestOutcome {
  const { runtime, job, memory, logs, stop } = guest;
  const context = runtime.newContext();
  const { parse, write, describe } = loadPrelude(context, logs);

  const code = context.evalCode(wrap(job), FILE_NAME, { strict: true });
  if (code.error) return failed(code.error, "SYNTAX_ERROR");
  const inputs = context.callFunction(parse, context.undefined, context.newString(job.inputsJson));
  if (inputs.error) return failed(inputs.error, "THREW");
  const promise = context.callFunction(code.value, context.undefined, inputs.value);
  if (promise.error) return failed(promise.error, "THREW");

  for (;;) {
    const state = context.getPromiseState(promise.value);
    if (state.type === "fulfilled") return written(state.value);
    if (state.type === "rejected") return failed(state.error, "THREW");
    // An endless chain of short promise jobs may never run long enough to be interrupted.
    if (stop.check()) return neverSettled;
    const turn = runtime.executePendingJobs(PROMISE_JOBS_PER_TURN);
    if (turn.error) return failed(turn.error, "THREW");
    if (turn.value === 0) return neverSettled;
  }

  function written(value: QuickJSHandle): GuestOutcome {
    const json = context.callFunction(write, context.undefined, value);
    if (json.error) return failed(json.error, "THREW");
    const { resultBytes } = job.limits;
    // Measured inside first, so that an oversized result is never copied out.
    if (context.getNumber(context.getProp(json.value, "length")) > resultBytes) return tooLarge(resultBytes);
    const valueJson = context.getString(json.value);
    return Buffer.byteLength(valueJson) > resultBytes ? tooLarge(resultBytes) : { ok: true, valueJson };
  }

  function failed(thrown: QuickJSHandle, failure: "THREW" | "SYNTAX_ERROR"): GuestOutcome {
    const described = context.callFunction(describe, context.undefined, thrown);
    if (described.error) {
      if (memory.isExhausted()) return outOfMemory(job.limits);
      return { ok: false, failure, message: "The code threw something that cannot be described" };
    }
    const [name, message, stack] = parseDescription(context.getString(described.value));
    const ranOut = name === "InternalError" && message === "out of memory";
    // With no memory left for an error object, the interpreter throws null or a bare marker instead.
    if (ranOut || (memory.isExhausted() && name === "")) return outOfMemory(job.limits);
    const line = LINE_NUMBER.exec(stack)?.[1];
    const where = line === undefined ? "" : ` (line ${line})`;
    return { ok: false, failure, message: `${name === "" ? "" : `${name}: `}${message}${where}` };
  }
}

const neverSettled: GuestOutcome = {
  ok: false,
  failure: "THREW",
  message: "The code waits for a promise that nothing will ever settle",
};

function tooLarge(limitBytes: number): GuestOutcome {
  return { ok: false, failure: "RESULT_TOO_LARGE", message: `The result is larger than ${limitBytes} bytes` };
}

/** The code starts on the first line, so that the interpreter counts its lines as the author does. */
function wrap(job: EvaluationJob): string {
  return job.kind === "body"
    ? `(async (inputs) => {${job.source}\n})`
    : `(async (inputs) => (${job.source}\n))`;
}

function loadPrelude(context: QuickJSContext, logs: LogLines) {
  const emit = context.newFunction("emit", (line) => {
    const text: unknown = JSON.parse(context.getString(line));
    logs.add(String(text));
  });
  const prelude = context.unwrapResult(context.evalCode(PRELUDE, "prelude.js", { strict: true }));
  const ends = context.unwrapResult(context.callFunction(prelude, context.undefined, emit));
  return {
    parse: context.getProp(ends, "parse"),
    write: context.getProp(ends, "write"),
    describe: context.getProp(ends, "describe"),
  };
}

function parseDescription(json: string): [name: string, message: string, stack: string] {
  const parts: unknown = JSON.parse(json);
  const [name, message, stack] = Array.isArray(parts) ? parts.map(String) : [];
  return [name ?? "", message ?? "", stack ?? ""];
}
