import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { OperatorError } from "../../database/operator-error.ts";

/** The service in a process of its own, as an operator runs it in production. */
export interface GantryProcess {
  readonly baseUrl: string;
  /** `kill -9`: nothing in it can notice. Resolves when it is gone; again: harmless. */
  kill(): Promise<void>;
  /** Null while it runs. Otherwise how it ended and what it wrote last. */
  death(): string | null;
}

/** Never imported: the service is what it is when it is started, and nothing of it runs in here. */
const program = fileURLToPath(new URL("../dist/main.js", import.meta.resolve("@gantry/api")));

/** However this process ends, it leaves none behind: the pipe between them ends with it. */
const leash = `data:text/javascript,${encodeURIComponent(
  'process.stdin.on("end", () => process.kill(process.pid, "SIGKILL")).resume();',
)}`;

/** Resolves when it listens, on a free port of 127.0.0.1. Throws `OperatorError` when it does not start. */
export async function startGantryProcess(
  environment: Readonly<Record<string, string>>,
): Promise<GantryProcess> {
  const child = spawn(process.execPath, ["--import", leash, program], {
    stdio: ["pipe", "pipe", "pipe"],
    env: environment,
    // A Ctrl-C at the terminal is for this process alone.
    detached: true,
  });
  const written = tailOf(child);
  const baseUrl = await readyAt(child);
  if (baseUrl === null) throw new OperatorError(`The API did not start. ${written()}`);
  return {
    baseUrl,
    async kill() {
      if (hasEnded(child)) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
    death: () =>
      hasEnded(child) ? `It ended with ${child.exitCode ?? child.signalCode}. ${written()}` : null,
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Null: it ended without listening. */
async function readyAt(child: ChildProcess): Promise<string | null> {
  if (child.stdout === null) throw new Error("The output of the API is not piped.");
  for await (const line of createInterface({ input: child.stdout })) {
    const [, baseUrl] = /^Gantry is ready at (\S+)$/.exec(line) ?? [];
    if (baseUrl === undefined) continue;
    child.stdout.resume();
    return baseUrl;
  }
  return null;
}

const tailChars = 2_000;

function tailOf(child: ChildProcess): () => string {
  let tail = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    tail = `${tail}${chunk}`.slice(-tailChars);
  });
  return () => tail.trim();
}
