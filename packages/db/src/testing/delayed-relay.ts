/** Passes chunks on after a delay, in order even when the delay shrinks. */
export class DelayedRelay {
  readonly #delayMs: () => number;
  readonly #deliver: (chunk: Buffer) => void;
  readonly #waiting: (() => void)[] = [];
  #lastDue = 0;

  constructor(delayMs: () => number, deliver: (chunk: Buffer) => void) {
    this.#delayMs = delayMs;
    this.#deliver = deliver;
  }

  push(chunk: Buffer): void {
    this.#schedule(() => this.#deliver(chunk));
  }

  /** Runs after everything pushed before has been delivered. */
  end(then: () => void): void {
    this.#schedule(then);
  }

  #schedule(deliver: () => void): void {
    const now = performance.now();
    this.#lastDue = Math.max(this.#lastDue, now + this.#delayMs());
    const waitMs = Math.ceil(this.#lastDue - now);
    // Without a delay the proxy should cost as little as it can: no turn of the timer wheel.
    if (waitMs <= 0 && this.#waiting.length === 0) {
      deliver();
      return;
    }
    this.#waiting.push(deliver);
    // Timers of different lengths that end together fire in any order; each takes whatever is oldest.
    setTimeout(() => this.#waiting.shift()?.(), waitMs);
  }
}
