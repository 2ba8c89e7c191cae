import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
const repository = fileURLToPath(new URL("../../../..", import.meta.url)).replace(/[/\\]$/, "");

export interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  /** All it has written so far, errors included. */
  output(): string;
  errors(): string;
  /** Resolves with the exit code, or with the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Starts a Node script of the repository as the leader of a process group, as a terminal would. */
export function startNode(script: string, env: Readonly<Record<string, string>>): Started {
  const child = spawn(process.execPath, [`${repository}/${script}`], {
    cwd: repository,
    // Nothing of the shell that runs the tests may decide how the app starts.
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
    errors += chunk;
  });
  const ended = once(child, "close").then(() => child.exitCode ?? child.signalCode ?? 1);
  if (child.pid === undefined) throw new Error(`${script} could not be started`);
  return { child, pid: child.pid, output: () => output, errors: () => errors, ended };
}

/** Waits until `condition` gives something other than undefined or false. */
export async function until<T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

export interface ProcessLine {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Every living process of this machine. Zombies are dead: they only wait to be reaped. Linux only. */
export function processes(): ProcessLine[] {
  return readdirSync("/proc").flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid)) return [];
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state === "Z") return [];
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      return [{ pid, parent: Number(parent), command }];
    } catch {
      return [];
    }
  });
}

/** A process and all that descend from it. */
export function processTree(root: number): ProcessLine[] {
  const all = processes();
  const family = new Set([root]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => family.has(pid));
}
