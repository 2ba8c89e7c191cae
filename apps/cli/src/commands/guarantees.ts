import { constants } from "node:os";
import type { GuaranteesOptions } from "../arguments/parse-command.ts";
import type { DatabasePlace } from "../database/open-operator-database.ts";
import { openInstallation } from "../guarantees/installation/installation.ts";
import type { Environment } from "../guarantees/installation/process-environment.ts";
import { runGuarantees } from "../guarantees/run-guarantees.ts";

/** Answers with the exit code: 1 when a guarantee does not hold, 128 and the signal's number when it was stopped. */
export async function guarantees(
  { databaseUrl }: Pick<DatabasePlace, "databaseUrl">,
  environment: Environment,
  options: GuaranteesOptions,
  print: (line: string) => void,
): Promise<number> {
  const stopped = firstSignal();
  print("Two API processes are starting over a database of their own ...");
  // Not given up half way: what is open by then has to be closed.
  const installation = await openInstallation(databaseUrl, environment);
  const code = await untilDone();
  // What was under way when a signal came is still at it, without its processes.
  if (code > 128) process.exit(code);
  return code;

  async function untilDone(): Promise<number> {
    try {
      print(`  ready, on ${installation.place}`);
      return await Promise.race([stopped, runGuarantees(installation, options, print)]);
    } finally {
      await installation[Symbol.asyncDispose]();
      print("Both have been ended, and the database is gone again.");
    }
  }
}

/** The second one ends this process at once, as it does where nobody listens. */
function firstSignal(): Promise<number> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => resolve(128 + constants.signals[signal]));
    }
  });
}
