import type { BlockContext } from "../../block-executor.ts";
import { engineLimits } from "../../limits.ts";
import { finalFailure } from "./call-failure.ts";
import type { CallEnd } from "./model-call.ts";

/**
 * Makes a call, and again as often as its failure allows: after as long as the provider asks, else after a quarter of a
 * second that doubles, give or take half of it, so that runs which failed together do not come back together. A wait
 * that would pass the run's deadline is not begun.
 */
export async function attempt(call: () => Promise<CallEnd>, context: BlockContext): Promise<CallEnd> {
  const { callRetriesMax } = engineLimits;
  for (let retry = 0; ; retry += 1) {
    const end = await call();
    if (end.ok || end.failure.again === null || retry === callRetriesMax) return end;
    const waitMs = end.failure.again.afterMs ?? backoffMs(retry, context.resources.random());
    if (!(await waited(waitMs, context))) return context.signal.aborted ? stopped : end;
  }
}

function backoffMs(retry: number, chance: number): number {
  return Math.round(engineLimits.callRetryWaitMs * 2 ** retry * (0.5 + chance));
}

/** False: there is no time for it, or the block was stopped. */
async function waited(ms: number, { resources, deadlineAt, signal }: BlockContext): Promise<boolean> {
  if (deadlineAt !== null && resources.now() + ms >= deadlineAt) return false;
  try {
    await resources.pause(ms, signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

const stopped: CallEnd = {
  ok: false,
  failure: finalFailure({ code: "CANCELLED", message: "The block was stopped.", retryable: false }),
};
