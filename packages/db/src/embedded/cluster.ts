import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { type ServerUser, serverEnvironment } from "./server-user.ts";

export const superuser = "gantry";

/** The cluster inside a data folder. Beside it: the password, the owner's file and the server's log. */
export function clusterIn(folder: string): string {
  return join(folder, "cluster");
}

/**
 * Makes the cluster unless there is one, and answers with its password. It is made beside its final place and then
 * renamed, so that an interrupted first start leaves nothing that the next one would take for a cluster.
 */
export async function ensureCluster(
  folder: string,
  programs: string,
  user: ServerUser,
  durable: boolean,
): Promise<{ readonly password: string }> {
  const cluster = clusterIn(folder);
  const passwordFile = join(folder, "password");
  await removePartial(folder);

  if (await isCluster(cluster)) return { password: await readPassword(passwordFile) };

  // Kept before the cluster appears: a cluster without its password would be lost.
  const password = randomBytes(32).toString("base64url");
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user.uid !== undefined) await chown(passwordFile, user.uid, user.gid);

  const partial = `${cluster}.partial`;
  await mkdir(partial, { mode: 0o700 });
  if (user.uid !== undefined) await chown(partial, user.uid, user.gid);
  await initialise(partial, passwordFile, programs, user, durable);
  await rename(partial, cluster);
  return { password };
}

async function isCluster(cluster: string): Promise<boolean> {
  const found = await readdir(cluster).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  });
  if (found === null) return false;
  if (found.includes("PG_VERSION")) return true;
  throw new EmbeddedPostgresError(
    "folder-not-ours",
    `${cluster} exists but holds no PostgreSQL cluster: move it away or choose another data folder.`,
  );
}

async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    throw new EmbeddedPostgresError(
      "folder-not-ours",
      `The database's password is missing from ${file}: put the file back or choose another data folder.`,
      { cause: error },
    );
  }
}

async function removePartial(folder: string): Promise<void> {
  await rm(`${clusterIn(folder)}.partial`, { recursive: true, force: true });
}

async function initialise(
  partial: string,
  passwordFile: string,
  programs: string,
  user: ServerUser,
  durable: boolean,
): Promise<void> {
  const args = [
    `--pgdata=${partial}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // PostgreSQL's own C.UTF-8: the operating system need not know the locale.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    // The password has 256 random bits; hashing it 4,096 times would only make every connection slower.
    "--set=scram_iterations=1",
    ...(durable ? [] : ["--no-sync"]),
  ];
  try {
    await promisify(execFile)(join(programs, "bin", "initdb"), args, {
      ...user,
      cwd: "/",
      env: serverEnvironment,
    });
  } catch (error) {
    throw new EmbeddedPostgresError(
      "init-failed",
      `PostgreSQL could not make its data folder ${partial}: ${reason(error)}`,
      { cause: error },
    );
  }
}

function reason(error: unknown): string {
  const lines = error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n") : [];
  return lines.find((line) => /error|FATAL/.test(line)) ?? lines[0] ?? "initdb could not be run";
}
