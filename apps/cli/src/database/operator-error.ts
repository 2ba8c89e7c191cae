/** Why a command could not be carried out, in one sentence for the operator, who can mend it. No stack is shown. */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
}
