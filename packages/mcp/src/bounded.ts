import { setMaxListeners } from "node:events";
import { type FailedResult, failureOf, McpProblem } from "./failures.ts";

/**
 * The result of `work`, or of whatever ended it: a signal, the time, an error. Answers at once when it is stopped, also where
 * `work` waits for something that is not stopped with it.
 */
export async function bounded<Result>(
  signals: readonly AbortSignal[],
  timeoutMs: number,
  work: (stopped: AbortSignal) => Promise<Result>,
): Promise<Result | FailedResult> {
  if (signals.some((signal) => signal.aborted)) return failureOf(aborted());
  // A controller of its own: the SDK leaves its listeners on the signal that it is given.
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const abort = () => stop.abort(aborted());
  const late = () =>
    stop.abort(new McpProblem("TIMED_OUT", `The MCP server took longer than ${timeoutMs} ms`));
  for (const signal of signals) signal.addEventListener("abort", abort);
  const timer = setTimeout(late, timeoutMs);
  const stopped = new Promise<never>((_resolve, reject) => {
    stop.signal.addEventListener("abort", () => reject(stop.signal.reason));
  });
  try {
    return await Promise.race([stopped, work(stop.signal)]);
  } catch (error) {
    return failureOf(error);
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener("abort", abort);
  }
}

function aborted(): McpProblem {
  return new McpProblem("ABORTED", "The call was stopped");
}
