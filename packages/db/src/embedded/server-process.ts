import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clusterIn } from "./cluster.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { poll } from "./poll.ts";
import { type ServerUser, serverEnvironment } from "./server-user.ts";

export interface ServerProcess {
  /** Lets transactions roll back, writes everything to disk and ends the server. Calling it twice is harmless. */
  stop(): Promise<void>;
  /** Settles when the server has ended: because `stop` asked for it, or on its own. */
  readonly ended: Promise<{ readonly asked: boolean }>;
}

/** A folder with this file in it is removed when its server ends. */
const ephemeralMark = "ephemeral";

/**
 * A shell in a session of its own, so that Ctrl-C at the terminal does not reach it or the server. It starts the server
 * and a reader of the pipe on descriptor 3, whose other end only this process holds: when that end closes, by `stop`
 * or because this process was killed, the reader interrupts the server (a fast, clean shutdown).
 * Arguments: the data folder, which is removed once the server has ended if it is marked as ephemeral; then the
 * server's command.
 */
const watchdog = `
folder=$1; shift
"$@" 3<&- &
server=$!
( read -r _ <&3; kill -INT "$server" ) &
reader=$!
wait "$server"
status=$?
kill "$reader" 2>/dev/null
[ ! -e "$folder/${ephemeralMark}" ] || rm -rf -- "$folder"
exit "$status"
`;

export interface ServerLaunch {
  readonly folder: string;
  readonly programs: string;
  readonly user: ServerUser;
  readonly port: number;
  readonly settings: Readonly<Record<string, string | number>>;
  readonly ephemeral: boolean;
}

/** Starts the server and waits until it accepts connections, or throws with its complaint. */
export async function launchServer(launch: ServerLaunch): Promise<ServerProcess> {
  const log = openSync(join(launch.folder, "server.log"), "w", 0o600);
  const shell = spawn(
    "/bin/sh",
    [
      "-c",
      watchdog,
      "gantry-postgres",
      launch.folder,
      join(launch.programs, "bin", "postgres"),
      "-D",
      clusterIn(launch.folder),
      "-p",
      String(launch.port),
      ...Object.entries(launch.settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    {
      ...launch.user,
      cwd: "/",
      env: serverEnvironment,
      detached: true,
      stdio: ["ignore", log, log, "pipe"],
    },
  );
  closeSync(log);
  let asked = false;
  const server: ServerProcess = {
    stop: () => {
      asked = true;
      return stop(shell, launch.folder);
    },
    ended: once(shell, "exit").then(() => ({ asked })),
  };

  const outcome = await poll(30_000, () =>
    hasEnded(shell) ? "ended" : isReady(launch.folder) ? "ready" : null,
  );
  if (outcome === "ready") {
    if (launch.ephemeral) writeFileSync(join(launch.folder, ephemeralMark), "");
    // A process that forgets to stop the server may still end; the watchdog does the rest.
    shell.unref();
    unrefPipe(shell);
    return server;
  }
  await server.stop();
  const reason = complaint(join(launch.folder, "server.log"));
  throw new EmbeddedPostgresError("start-failed", `PostgreSQL did not start: ${reason}`);
}

async function stop(shell: ChildProcess, folder: string): Promise<void> {
  const ended = () => poll(10_000, () => (hasEnded(shell) ? true : null));
  if (hasEnded(shell)) return;
  shell.stdio[3]?.destroy();
  if ((await ended()) !== null) return;
  // Somebody's backend does not react: end the server as in a crash, which the next start recovers from.
  const pid = postmaster(folder)?.pid;
  if (pid !== undefined) process.kill(pid, "SIGQUIT");
  if ((await ended()) === null) throw new Error(`PostgreSQL (process ${pid}) does not stop`);
}

function hasEnded(shell: ChildProcess): boolean {
  return shell.exitCode !== null || shell.signalCode !== null;
}

/** The server itself says so in the eighth line of its pid file; `pg_ctl` reads the same. */
function isReady(folder: string): boolean {
  return postmaster(folder)?.status === "ready";
}

function postmaster(folder: string): { pid: number; status: string } | null {
  try {
    const lines = readFileSync(join(clusterIn(folder), "postmaster.pid"), "utf8").split("\n");
    return { pid: Number(lines[0]), status: lines[7]?.trim() ?? "" };
  } catch {
    return null;
  }
}

function unrefPipe(shell: ChildProcess): void {
  const pipe = shell.stdio[3];
  if (pipe != null && "unref" in pipe && typeof pipe.unref === "function") pipe.unref();
}

/** The first complaint, without its time and severity. */
function complaint(logFile: string): string {
  const lines = readFileSync(logFile, "utf8").trim().split("\n");
  const line = lines.find((candidate) => /FATAL:|could not bind/.test(candidate)) ?? lines.at(-1) ?? "";
  return line.replace(/^.*?(FATAL|LOG): +/, "") || "its log is empty";
}
