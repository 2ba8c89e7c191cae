import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

/**
 * Calls `onGone` once when npx or pnpm, through which this process was started, has died.
 *
 * Why it is needed: npx forwards SIGTERM only to the shell below it, which dies without telling pnpm; and no process can
 * forward a SIGKILL. Without a terminal, pnpm and this process would then live on with nobody to stop them. Measured with
 * npm 11 and pnpm 12. (Ctrl-C at a terminal reaches this process by itself.)
 *
 * @param {() => void} onGone
 * @param {number} [intervalMs]
 */
export function watchLaunchers(onGone, intervalMs = process.platform === "linux" ? 200 : 2_000) {
  if (process.platform === "win32") return;
  const expected = expectedParents(readProcess);
  if (expected.length === 0) return;
  const timer = setInterval(() => {
    const gone = expected.some(({ pid, parent }) => readProcess(pid)?.parent !== parent);
    if (!gone) return;
    clearInterval(timer);
    onGone();
  }, intervalMs);
  timer.unref();
}

/**
 * The links of the chain from this process up to the topmost launcher. When a launcher dies, the process below it gets
 * another parent, so watching the links watches the launchers.
 *
 * @param {(pid: number) => { parent: number, argv: string[] } | null} read
 * @param {number} [pid]
 * @returns {{ pid: number, parent: number }[]}
 */
export function expectedParents(read, pid = process.pid) {
  const links = [];
  let watched = 0;
  for (let child = pid, process = read(child); process !== null && process.parent > 1; ) {
    links.push({ pid: child, parent: process.parent });
    const above = read(process.parent);
    if (above === null) break;
    const kind = kindOf(above.argv);
    if (kind === "other") break;
    if (kind === "launcher") watched = links.length;
    child = process.parent;
    process = above;
  }
  return links.slice(0, watched);
}

/** @param {string[]} argv @returns {"launcher" | "shell" | "other"} */
function kindOf(argv) {
  // npm overwrites its own command line with a title such as "npm exec pnpm@12 start".
  const [first = "", second = ""] = argv.flatMap((part) => part.split(" ")).filter((part) => part !== "");
  const names = [basename(first), basename(second)];
  if (names.some((name) => /^(npm|npx|pnpm|pnpx|pnx)(-cli)?(\.[cm]?js)?$/.test(name))) return "launcher";
  return /^(sh|dash|bash)$/.test(names[0] ?? "") && argv.includes("-c") ? "shell" : "other";
}

/** @param {number} pid @returns {{ parent: number, argv: string[] } | null} null when there is no such process */
function readProcess(pid) {
  try {
    if (process.platform === "linux") {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The command's name, in parentheses, may itself hold spaces and parentheses.
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state === "Z") return null;
      return { parent: Number(parent), argv: readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0") };
    }
    const line = execFileSync("ps", ["-o", "ppid=,args=", "-p", String(pid)], { encoding: "utf8" }).trim();
    const [parent, ...argv] = line.split(/\s+/);
    return { parent: Number(parent), argv };
  } catch {
    return null;
  }
}
