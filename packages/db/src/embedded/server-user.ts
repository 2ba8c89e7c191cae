import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";

const execute = promisify(execFile);

/** Whose name the server runs under. Empty: our own. */
export type ServerUser =
  | { readonly uid?: never; readonly gid?: never }
  | { readonly uid: number; readonly gid: number };

/** All that the server and its tools see of our environment: none of our secrets, no PG* variables, plain English. */
export const serverEnvironment = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" };

/**
 * PostgreSQL refuses to run as root. Root therefore runs it as the owner of the existing cluster, else as `postgres`,
 * which is created where it is missing, else as `nobody`. Everybody else runs it as themselves.
 */
export async function chooseServerUser(clusterFolder: string): Promise<ServerUser> {
  if (process.getuid?.() !== 0) {
    requireName();
    return {};
  }
  const owner = await stat(clusterFolder).catch(() => null);
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const existing = lookUp("postgres");
  if (existing !== null) return existing;
  try {
    await execute("useradd", [
      "--system",
      "--user-group",
      "--no-create-home",
      "--shell",
      "/bin/false",
      "postgres",
    ]);
  } catch {
    // No useradd here, or /etc is read-only: `nobody` will do.
  }
  const fallback = lookUp("postgres") ?? lookUp("nobody");
  if (fallback !== null) return fallback;
  throw new EmbeddedPostgresError(
    "no-user",
    "PostgreSQL does not run as root, and there is no user named postgres or nobody: create one, or set DATABASE_URL.",
  );
}

/** Whether that user can enter the folder. Asked of the system itself, which knows of ACLs and groups. */
export function canEnter(user: ServerUser, folder: string): boolean {
  return succeeds("/bin/sh", ["-c", 'cd -- "$1"', "sh", folder], user);
}

/** Whether that user can run PostgreSQL from this folder: reach the program, execute it and load its libraries. */
export function canRun(user: ServerUser, root: string): boolean {
  return succeeds(join(root, "bin", "postgres"), ["--version"], user);
}

function succeeds(program: string, args: readonly string[], user: ServerUser): boolean {
  return (
    spawnSync(program, args, { ...user, cwd: "/", env: serverEnvironment, stdio: "ignore" }).status === 0
  );
}

function requireName(): void {
  try {
    userInfo();
  } catch (error) {
    throw new EmbeddedPostgresError(
      "no-user",
      `PostgreSQL needs a named user, and user id ${process.getuid?.()} has no entry in /etc/passwd: add one, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

function lookUp(name: string): { uid: number; gid: number } | null {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}
