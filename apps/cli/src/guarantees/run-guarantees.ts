import type { GuaranteesOptions } from "../arguments/parse-command.ts";
import { type Check, type CheckName, checkNames, type Finding, type Sizes, sizesOf } from "./check.ts";
import { deploy } from "./checks/deploy.ts";
import { kill } from "./checks/kill.ts";
import { outage } from "./checks/outage.ts";
import { overshoot } from "./checks/overshoot.ts";
import { refusals } from "./checks/refusals.ts";
import { type CheckedGuarantees, exitCodeOf, findingsTable } from "./findings-table.ts";
import type { Installation } from "./installation/installation.ts";
import { NotObserved } from "./until.ts";

const checks: Readonly<Record<CheckName, Check>> = { overshoot, kill, outage, refusals, deploy };

/** Runs the checks one after the other, prints what they found and answers with the exit code. */
export async function runGuarantees(
  installation: Installation,
  { only, runs }: GuaranteesOptions,
  print: (line: string) => void,
): Promise<0 | 1> {
  const checked: CheckedGuarantees[] = [];
  for (const name of only === null ? checkNames : [only]) {
    const check = checks[name];
    print(`${check.title} ...`);
    const from = performance.now();
    const findings = await findingsOf(check, installation, sizesOf(runs));
    checked.push({ title: check.title, findings });
    const failed = findings.filter(({ holds }) => !holds).length;
    print(
      `  ${failed === 0 ? "pass" : `${failed} FAIL`}, ${((performance.now() - from) / 1_000).toFixed(1)} s`,
    );
  }
  print("");
  for (const line of findingsTable(checked)) print(line);
  return exitCodeOf(checked);
}

async function findingsOf(
  check: Check,
  installation: Installation,
  sizes: Sizes,
): Promise<readonly Finding[]> {
  try {
    return await check.run(installation, sizes);
  } catch (error) {
    if (!(error instanceof NotObserved)) throw error;
    const deaths = installation.processes().flatMap((process) => process.death() ?? []);
    const measured = [error.message, ...deaths].join(" ");
    return [{ guarantee: "what the check waits for", measured, required: "to happen", holds: false }];
  }
}
