export interface StopSwitch {
  /** Whether the code must stop now. Once it must, it must for good. */
  check(): boolean;
  /** Why it had to stop; null while it need not. */
  reason(): "ABORTED" | "TIMED_OUT" | null;
}

/** `now` in milliseconds of a clock that only goes forward. The time starts here. */
export function createStopSwitch(timeoutMs: number, now: () => number, isAborted: () => boolean): StopSwitch {
  const deadline = now() + timeoutMs;
  let reason: "ABORTED" | "TIMED_OUT" | null = null;
  return {
    check() {
      if (reason === null && isAborted()) reason = "ABORTED";
      if (reason === null && now() > deadline) reason = "TIMED_OUT";
      return reason !== null;
    },
    reason: () => reason,
  };
}
