import type { Problem, ProblemCode } from "./plan.ts";

/** More than anyone reads, and few enough that a hostile definition cannot make a huge answer. */
const problemsMax = 1_000;
const excerptMax = 80;

export function problem(
  code: ProblemCode,
  path: readonly (string | number)[],
  message: string,
  blockId: string | null = null,
): Problem {
  return blockId === null ? { code, path, message } : { code, path, blockId, message };
}

/** At most `problemsMax`; when more were found, the last one says how many are not listed. */
export function boundProblems(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= problemsMax) {
    return problems;
  }
  const unlisted = problems.length - (problemsMax - 1);
  return [
    ...problems.slice(0, problemsMax - 1),
    problem("INVALID_SHAPE", [], `${unlisted} further problems are not listed.`),
  ];
}

/** A piece of the author's text, short enough for a sentence. */
export function excerpt(text: string): string {
  return text.length <= excerptMax ? text : `${text.slice(0, excerptMax)}...`;
}

/** `"A", "B" and "C"` */
export function quotedList(names: readonly string[]): string {
  const quoted = names.map((name) => `"${excerpt(name)}"`);
  const last = quoted.pop();
  if (last === undefined) {
    return "none";
  }
  return quoted.length === 0 ? last : `${quoted.join(", ")} and ${last}`;
}

/** `inputs[0].name` */
export function pathText(path: readonly (string | number)[]): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") {
      text += `[${step}]`;
    } else {
      text += text === "" ? step : `.${step}`;
    }
  }
  return excerpt(text);
}
