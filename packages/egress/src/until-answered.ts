import { errors } from "undici";

/**
 * Gives `work` a signal that aborts with the caller's or when the time is up, and rejects at that moment, also where `work`
 * waits for something that cannot be aborted (DNS). Once `work` is done the time no longer counts, but the caller's signal
 * still aborts what was given this one.
 */
export async function untilAnswered<T>(
  given: AbortSignal | null,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const signal = given === null ? late.signal : AbortSignal.any([given, late.signal]);
  signal.throwIfAborted();
  let stop = () => {};
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
  });
  signal.addEventListener("abort", stop);
  const timer = setTimeout(() => late.abort(new errors.HeadersTimeoutError()), timeoutMs);
  try {
    return await Promise.race([work(signal), stopped]);
  } finally {
    clearTimeout(timer);
    // A composed signal with a listener is never collected.
    signal.removeEventListener("abort", stop);
  }
}
