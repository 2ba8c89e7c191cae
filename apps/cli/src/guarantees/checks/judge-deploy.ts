import type { Answer } from "../calls/answer.ts";
import type { Finding } from "../check.ts";
import { count } from "../count.ts";

export interface VersionedAnswer {
  readonly process: number;
  /** Whether it was the first run that the process was sent after a deployment. */
  readonly isFirst: boolean;
  /** The newest version whose deployment had been answered when the run was sent. */
  readonly deployed: number;
  /** Its output says which version it ran. */
  readonly answer: Answer;
}

export function judgeDeploy(deployments: number, answers: readonly VersionedAnswer[]): readonly Finding[] {
  const first = answers.filter(({ isFirst }) => isFirst);
  const right = first.filter(({ deployed, answer }) => versionOf(answer) === deployed);
  const others = answers.filter(({ isFirst }) => !isFirst);
  const stale = others.filter(({ deployed, answer }) => (versionOf(answer) ?? 0) < deployed);
  return [
    {
      guarantee: `first runs after ${count(deployments)} deployments, on both`,
      measured: `${count(right.length)} of ${count(first.length)} ran the new version`,
      required: "all",
      holds: first.length === 2 * deployments && right.length === first.length,
    },
    {
      guarantee: "runs that went on meanwhile",
      measured: `${count(stale.length)} of ${count(others.length)} ran a version older than deployed`,
      required: "0",
      holds: [0, 1].every((process) => others.some((each) => each.process === process)) && stale.length === 0,
    },
  ];
}

/** Null: the run did not complete. */
function versionOf({ run }: Answer): number | null {
  const output = run?.output;
  if (typeof output !== "object" || output === null || !("version" in output)) return null;
  return typeof output.version === "number" ? output.version : null;
}
