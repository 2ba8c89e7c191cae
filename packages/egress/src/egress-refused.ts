import type { Refused } from "./guard.ts";
import type { EgressFailure } from "./port.ts";

/** A request that the guard did not let out, or whose redirect it did not follow. `message` is safe to show, as `Refused` has it. */
export class EgressRefused extends Error {
  override readonly name = "EgressRefused";
  readonly failure: EgressFailure;

  constructor({ failure, message }: Pick<Refused, "failure" | "message">) {
    super(message);
    this.failure = failure;
  }
}
