import type { Decision, Refusal } from "@gantry/execution";

/** One thing that is wrong with what the caller sent. */
export interface InputProblem {
  /** Keys and indexes from the input's root. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What a failed call tells beyond its sentence. Everything in it is public. */
export interface FailureDetails {
  readonly refusal: Refusal | null;
  /** With a refusal. */
  readonly decision: Decision | null;
  /** The refused run's, when it is kept. */
  readonly runId: string | null;
  readonly problems: readonly InputProblem[] | null;
  readonly conflict: { readonly currentRevision: number } | null;
}

export const noDetails: FailureDetails = {
  refusal: null,
  decision: null,
  runId: null,
  problems: null,
  conflict: null,
};

/** Travels as the cause of a tRPC error, from the procedure to the error formatter. */
export class PublicFailure extends Error {
  override readonly name = "PublicFailure";
  readonly details: FailureDetails;

  constructor(message: string, details: Partial<FailureDetails>) {
    super(message);
    this.details = { ...noDetails, ...details };
  }
}
