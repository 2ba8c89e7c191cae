/** Tells the operator what is going on while Gantry starts, with the time each step took. */
export interface Progress {
  /** Runs a step and tells when it is done: `  database ready (1.2 s)`. */
  step<T>(done: string, work: () => Promise<T>): Promise<T>;
  note(line: string): void;
}

export function createProgress(print: (line: string) => void, monotonic: () => number): Progress {
  return {
    async step(done, work) {
      const startedAt = monotonic();
      const result = await work();
      print(`  ${done} (${((monotonic() - startedAt) / 1_000).toFixed(1)} s)`);
      return result;
    },
    note: (line) => print(`  ${line}`),
  };
}
