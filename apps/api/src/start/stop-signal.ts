import type { EventEmitter } from "node:events";

export interface StopSignal {
  readonly requested: boolean;
  /** Resolves with the first signal. */
  readonly promise: Promise<void>;
}

/** One Ctrl-C reaches us more than once: from the terminal, and passed on by npx and pnpm, which may then end. */
const sameSignalMs = 1_500;

/** The first SIGINT or SIGTERM asks us to stop; one that comes clearly later ends the process at once. */
export function onStopSignal(
  target: Pick<EventEmitter, "on"> & { exit(code: number): never },
  monotonic: () => number,
): StopSignal {
  let firstAt: number | null = null;
  const { promise, resolve } = deferred();
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    target.on(signal, () => {
      if (firstAt === null) {
        firstAt = monotonic();
        resolve();
      } else if (monotonic() - firstAt > sameSignalMs) {
        target.exit(code);
      }
    });
  }
  return {
    get requested() {
      return firstAt !== null;
    },
    promise,
  };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
