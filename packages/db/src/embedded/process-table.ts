import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { platform } from "node:os";

/**
 * When the process with this id started, in the system's own words without spaces; null when none runs. Together with
 * the id it names one process for ever: an id alone is given out again.
 */
export function startOf(pid: number): string | null {
  if (platform() !== "linux") return ask(pid, "lstart")?.replaceAll(/\W+/g, "-") ?? null;
  // Fields 3 and 22 of `stat`; the second is the program's name in brackets and may itself hold spaces.
  const fields = read(`/proc/${pid}/stat`)?.split(") ").at(-1)?.split(" ");
  const state = fields?.[0];
  return state === undefined || state === "Z" ? null : (fields?.[19] ?? null);
}

/** The program and its arguments; null when no such process runs, and for one that has ended but was not collected. */
export function commandOf(pid: number): string | null {
  if (platform() !== "linux") return ask(pid, "command");
  const command = read(`/proc/${pid}/cmdline`);
  return command === null || command === "" ? null : command.replaceAll("\0", " ").trimEnd();
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function ask(pid: number, column: string): string | null {
  try {
    const answer = execFileSync("ps", ["-o", `${column}=`, "-p", String(pid)], { encoding: "utf8" }).trim();
    return answer === "" ? null : answer;
  } catch {
    return null;
  }
}
