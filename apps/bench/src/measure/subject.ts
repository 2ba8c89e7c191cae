/** One thing that is measured again and again. */
export interface Subject<Name extends string = string> {
  readonly name: Name;
  /** What is timed, from call to answer. Throws when the answer is not the expected one. */
  readonly run: () => Promise<void>;
}
