import type { ConfirmClaim } from "./claim-confirmer.ts";

/** Whether what one run holds is on disk and still stands. */
export interface RunConfirmation {
  /** Asks the store once; later answers are the same. */
  first(): Promise<boolean>;
  /** Asks again, because the run holds more than before. */
  again(): Promise<boolean>;
}

/** `onLost` is told when the run does not stand any more. */
export function createRunConfirmation(
  confirm: ConfirmClaim,
  runId: string,
  onLost: () => void,
): RunConfirmation {
  let asked: Promise<boolean> | null = null;
  const ask = async (): Promise<boolean> => {
    const stands = await confirm(runId);
    if (!stands) onLost();
    return stands;
  };
  const again = (): Promise<boolean> => {
    asked = ask();
    return asked;
  };
  return { again, first: () => asked ?? again() };
}
