import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));

export interface Ended {
  readonly out: string;
  readonly err: string;
  /** Null: it was killed. */
  readonly code: number | null;
}

/** The real process, from its sources. */
export function startGantry(line: string, environment: Record<string, string>) {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "--conditions=@gantry/source", main, ...line.split(" ")],
    {
      env: { PATH, HOME, ...environment },
      // Where tsx is found.
      cwd: dirname(main),
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const ended = async (): Promise<Ended> => {
    const exit: Promise<[number | null]> = once(child, "exit").then(([code]) => [code]);
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
    return { out, err, code };
  };
  return { kill: (signal: NodeJS.Signals = "SIGKILL") => child.kill(signal), ended: ended() };
}

/** A data folder that an embedded PostgreSQL can use, whoever runs it. */
export async function scratchDataDir(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "gantry-cli-"));
  await chmod(path, 0o755);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
