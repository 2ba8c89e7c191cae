/** What is open, closed in reverse. One that cannot be closed does not keep the others from it. */
export class Closing {
  readonly #steps: (() => PromiseLike<unknown>)[] = [];

  add(step: () => PromiseLike<unknown>): void {
    this.#steps.push(step);
  }

  async run(): Promise<void> {
    const errors: unknown[] = [];
    for (const step of this.#steps.toReversed()) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, "Not everything could be closed.");
  }
}
